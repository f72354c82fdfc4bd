package io.naru.gateway.produce;

/**
 * Who the gateway is to the brokers' duplicate detection (KIP-98).
 *
 * @param id    producer id
 * @param epoch producer epoch
 */
record ProducerIdentity(long id, short epoch) {}
