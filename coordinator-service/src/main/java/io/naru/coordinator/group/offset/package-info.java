/**
 * Commits and fetches of offsets, fenced by the group they belong to.
 */
@NullMarked
package io.naru.coordinator.group.offset;

import org.jspecify.annotations.NullMarked;
