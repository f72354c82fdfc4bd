/**
 * The Kafka listener's handlers, one class per API key. A handler translates: requests into calls on partitions or on the
 * controller, results and exceptions into Kafka's response classes. Errors become error codes in
 * {@link io.naru.broker.kafka.KafkaErrors}, nowhere else.
 */
@NullMarked
package io.naru.broker.kafka;

import org.jspecify.annotations.NullMarked;
