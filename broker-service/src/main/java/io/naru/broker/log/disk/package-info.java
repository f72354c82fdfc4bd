/**
 * The few file-system operations the log needs, with what each of them guarantees. Everything that opens, renames, removes or
 * syncs a file goes through {@link io.naru.broker.log.disk.Disk}, so that tests can put a disk underneath that fails, fills up or
 * forgets what was not synced.
 */
@NullMarked
package io.naru.broker.log.disk;

import org.jspecify.annotations.NullMarked;
