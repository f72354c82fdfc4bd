package io.naru.broker.log.producer;

/**
 * An idempotent producer that a partition remembers.
 *
 * @param producerId             its id
 * @param producerEpoch          its epoch
 * @param lastSequence           of its last record; −1 when it has none in this epoch
 * @param lastTimestamp          largest timestamp of its last batch, ms; −1 when there is none
 * @param coordinatorEpoch       of the transaction coordinator that ended its last transaction; −1 without one
 * @param transactionFirstOffset where its open transaction begins; −1 without one
 */
public record ActiveProducer(
        long producerId,
        short producerEpoch,
        int lastSequence,
        long lastTimestamp,
        int coordinatorEpoch,
        long transactionFirstOffset) {}
