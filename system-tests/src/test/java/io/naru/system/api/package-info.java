/**
 * The OpenAPI documents of {@code docs/api} as a promise: {@link io.naru.system.api.Conformance} holds every answer that the system tests
 * get against them.
 */
@NullMarked
package io.naru.system.api;

import org.jspecify.annotations.NullMarked;
