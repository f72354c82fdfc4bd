/**
 * One answer to every error, the container's own included: JSON that says what was wrong, in the dialect of the path it was asked
 * on, and never HTML or a stack trace.
 */
@NullMarked
package io.naru.service.error;

import org.jspecify.annotations.NullMarked;
