/**
 * What goes: offsets and groups that are deleted, and those whose time is up.
 */
@NullMarked
package io.naru.coordinator.group.deletion;

import org.jspecify.annotations.NullMarked;
