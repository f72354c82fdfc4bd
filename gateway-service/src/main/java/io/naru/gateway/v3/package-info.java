/**
 * Confluent's REST API, version 3. Records are written here ({@link io.naru.gateway.v3.RecordsRoute}) through the batcher that all APIs
 * share; every other resource belongs to admin-service, to which {@link io.naru.gateway.v3.AdminForward} hands the call.
 */
@NullMarked
package io.naru.gateway.v3;

import org.jspecify.annotations.NullMarked;
