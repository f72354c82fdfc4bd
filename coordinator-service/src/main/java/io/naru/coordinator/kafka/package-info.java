/**
 * The coordinator's Kafka listener, one handler per API key. A handler finds the group's shard, hands it the request, and turns a refusal
 * into an error code ({@link io.naru.coordinator.kafka.GroupErrors}).
 */
@NullMarked
package io.naru.coordinator.kafka;

import org.jspecify.annotations.NullMarked;
