/**
 * Topics over HTTP: {@code /v1/topics} and the page at {@code /}. {@link io.naru.gateway.topic.TopicCalls} asks brokers with the admin
 * calls of the Kafka protocol and is shared with {@link io.naru.gateway.v2}; the routes beside it turn what they say into JSON. Nothing
 * here is on the path of records.
 */
@NullMarked
package io.naru.gateway.topic;

import org.jspecify.annotations.NullMarked;
