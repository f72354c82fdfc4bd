/** What makes a coordinator of the parts: registration and heartbeats, following the cluster image, the listener, start and stop, health. */
@NullMarked
package io.naru.coordinator.lifecycle;

import org.jspecify.annotations.NullMarked;
