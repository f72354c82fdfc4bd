/**
 * The rebalances of groups, for people who look on.
 */
@NullMarked
package io.naru.coordinator.group.history;

import org.jspecify.annotations.NullMarked;
