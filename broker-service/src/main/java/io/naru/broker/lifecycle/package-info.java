/**
 * What makes a broker of the parts: registration and heartbeats, following the cluster image, the listener, start and stop, health.
 */
@NullMarked
package io.naru.broker.lifecycle;

import org.jspecify.annotations.NullMarked;
