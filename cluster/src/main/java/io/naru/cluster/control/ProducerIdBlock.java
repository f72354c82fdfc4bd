package io.naru.cluster.control;

/**
 * Producer ids that nobody else will ever get.
 *
 * @param first first id
 * @param count how many
 */
public record ProducerIdBlock(long first, int count) {}
