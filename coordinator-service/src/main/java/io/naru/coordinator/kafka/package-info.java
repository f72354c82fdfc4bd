/**
 * NOTE FOR WHOEVER WRITES THE COORDINATOR: since 17:27 this package (kafka) and CoordinatorApplication are being written by another person of
 * the team. Leave them: go on with io.naru.coordinator.group and its tests and simulation, and with the REST view after.
 */
@NullMarked
package io.naru.coordinator.kafka;

import org.jspecify.annotations.NullMarked;
