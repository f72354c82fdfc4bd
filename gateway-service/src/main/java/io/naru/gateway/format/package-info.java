/**
 * Bytes in and out of JSON: {@link io.naru.gateway.format.JsonScanner} checks and walks JSON where it lies,
 * {@link io.naru.gateway.format.JsonObjectWalker} goes through an object member by member, {@link io.naru.gateway.format.RecordWriter} shows a
 * stored record in the format asked for, {@link io.naru.gateway.format.JsonOut} is the buffer that all answers are written to. No object
 * per record on any of these ways.
 */
@NullMarked
package io.naru.gateway.format;

import org.jspecify.annotations.NullMarked;
