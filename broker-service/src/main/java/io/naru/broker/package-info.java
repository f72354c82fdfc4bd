/**
 * broker-service: keeps partitions on disk and serves them over the Kafka protocol.
 *
 * <p>The way of a produce: {@link io.naru.broker.kafka} (ProduceHandler) → {@link io.naru.broker.partition} (Partition: may this
 * broker write?) → {@link io.naru.broker.log} (Log: validate, assign offsets, append). The way of a fetch: FetchHandler → Partition →
 * Log → a file slice that the socket sends by itself. What this broker leads is told by the controller
 * ({@link io.naru.broker.lifecycle}).
 */
@NullMarked
package io.naru.broker;

import org.jspecify.annotations.NullMarked;
