/**
 * Being the active controller: {@link io.naru.admin.lease.ControllerThread} takes and renews the lease, runs the
 * {@link io.naru.admin.controller.Controller} on its one thread, commits what it decides, and hands each new image to
 * {@link io.naru.admin.lease.ImagePublisher}, where the other services wait for it.
 */
@NullMarked
package io.naru.admin.lease;

import org.jspecify.annotations.NullMarked;
