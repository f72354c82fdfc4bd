/**
 * Calling brokers without blocking. {@link io.naru.protocol.client.KafkaConnection} is one connection with pipelined requests;
 * {@link io.naru.protocol.client.KafkaClient} keeps one per node and lane; {@link io.naru.protocol.client.MetadataCache} and
 * {@link io.naru.protocol.client.CoordinatorCache} know who leads what.
 */
@NullMarked
package io.naru.protocol.client;

import org.jspecify.annotations.NullMarked;
