/**
 * Record batches in the shapes the wire needs beyond those of kafka-clients: {@link io.naru.protocol.record.FileSlice}, bytes of a
 * segment file on their way to a socket without a copy.
 */
@NullMarked
package io.naru.protocol.record;

import org.jspecify.annotations.NullMarked;
