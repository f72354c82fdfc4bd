package io.naru.broker.log;

import java.nio.file.Path;

/**
 * Bytes in a log that are not what was written.
 *
 * @param file     segment file
 * @param position where the damaged batch begins in it
 * @param offset   the first offset that is affected
 * @param bytes    how many bytes are affected
 * @param what     what is wrong
 */
public record LogDamage(Path file, int position, long offset, int bytes, String what) {}
