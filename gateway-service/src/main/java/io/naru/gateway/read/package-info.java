/**
 * Reading without a consumer. {@link io.naru.gateway.read.PartitionReads} fetches what is there, one request per broker;
 * {@link io.naru.gateway.read.TailHub} waits for what is not there yet, for all who wait, with one long-polling fetch per broker;
 * {@link io.naru.gateway.read.PageRoute} makes a page of a partition, {@link io.naru.gateway.read.TopicReadRoute} a stream of a topic.
 */
@NullMarked
package io.naru.gateway.read;

import org.jspecify.annotations.NullMarked;
