/** The OpenAPI document at {@code /openapi} and Swagger UI at {@code /docs}. */
@NullMarked
package io.naru.admin.openapi;

import org.jspecify.annotations.NullMarked;
