/**
 * What a shard writes into its {@code __consumer_offsets} partition, byte for byte as Apache Kafka 4.3 writes it.
 * {@link io.naru.coordinator.record.CoordinatorRecord} are the records as values; {@link io.naru.coordinator.record.RecordSerde}
 * turns them into keys and values of log records and back.
 */
@NullMarked
package io.naru.coordinator.record;

import org.jspecify.annotations.NullMarked;
