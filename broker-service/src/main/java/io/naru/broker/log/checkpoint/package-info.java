/**
 * The small text files beside the segments: offsets per partition, leader epochs, topic ids, the identity of a data directory and
 * the mark of a clean stop. Formats are Kafka's. All of them are replaced as a whole, and a file that cannot be read is reported
 * with an {@link java.io.IOException} that its caller survives: none of them is the only place where something is known.
 */
@NullMarked
package io.naru.broker.log.checkpoint;

import org.jspecify.annotations.NullMarked;
