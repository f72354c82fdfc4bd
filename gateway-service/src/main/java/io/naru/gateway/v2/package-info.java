/**
 * Confluent's REST API, version 2, for what already speaks it. Writing: {@link io.naru.gateway.v2.ProduceRoute} reads a body into ranges
 * of itself ({@code ProduceBody}), gives each record to the {@link io.naru.gateway.produce.ProduceBatcher} that all requests share, and
 * {@code ProduceAnswer} gathers what became of them. Looking: {@link io.naru.gateway.v2.MetadataRoutes}.
 *
 * <p>Shapes, statuses and error codes are that API's; what only costs its users is mended: scalars are JSON values, null is a tombstone,
 * {@code application/json} and charset parameters are taken, one bad record does not sink its neighbours.
 */
@NullMarked
package io.naru.gateway.v2;

import org.jspecify.annotations.NullMarked;
