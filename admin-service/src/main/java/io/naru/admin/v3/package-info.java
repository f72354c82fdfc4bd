/**
 * The REST API under {@code /v3}: the resources, shapes, statuses and error codes of Confluent's REST v3. Here is what all resources
 * share; each resource has a package of its own.
 */
@NullMarked
package io.naru.admin.v3;

import org.jspecify.annotations.NullMarked;
