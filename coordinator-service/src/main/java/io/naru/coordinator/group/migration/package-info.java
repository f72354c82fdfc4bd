/**
 * Groups on their way from one protocol to the other, while they run (KIP-848): {@code GroupMigration} turns a classic group with members
 * into a consumer group when the first member of the new protocol comes, and back when the last one has gone; {@code MixedGroups} serves
 * classic members in between. They follow the target assignment like everyone: their generation is their member epoch.
 */
@NullMarked
package io.naru.coordinator.group.migration;

import org.jspecify.annotations.NullMarked;
