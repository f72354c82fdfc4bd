/**
 * Writing. A route ({@link io.naru.gateway.produce.RawProduceRoute}, {@link io.naru.gateway.produce.NdjsonProduce}, v2's) fills a
 * {@link io.naru.gateway.produce.RecordInput} and hands it to the {@link io.naru.gateway.produce.ProduceBatcher}, which encodes it at once
 * into the open {@code Batch} of its {@code PartitionQueue}. Batches of many requests leave together, one Produce per broker
 * ({@code BrokerSender}), as soon as the one before was answered: what gathered meanwhile goes, nothing lingers. Each record's fate comes
 * back to its {@link io.naru.gateway.produce.RecordOutcome}.
 */
@NullMarked
package io.naru.gateway.produce;

import org.jspecify.annotations.NullMarked;
