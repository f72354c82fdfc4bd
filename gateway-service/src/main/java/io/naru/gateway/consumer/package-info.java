/**
 * The consumer resource of Confluent's REST API, version 2, for clients that keep no cursor: the gateway keeps one for them. An instance
 * is a record in a compacted topic ({@link io.naru.gateway.consumer.ConsumerLog}): what it was created with, and the cursor of its member
 * ({@code group}). Every call looks that up, goes on from it and writes what has changed before it answers, so any gateway serves any
 * instance, at once and without asking another. {@link io.naru.gateway.consumer.ConsumerRoutes} → {@code Consumers} → {@code
 * GroupSessions}.
 */
@NullMarked
package io.naru.gateway.consumer;

import org.jspecify.annotations.NullMarked;
