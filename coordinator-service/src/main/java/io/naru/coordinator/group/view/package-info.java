/**
 * Groups as they are shown: to Kafka clients that list and describe them, and to people.
 */
@NullMarked
package io.naru.coordinator.group.view;

import org.jspecify.annotations.NullMarked;
