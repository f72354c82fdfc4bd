/**
 * The control plane's endpoints under {@code /internal}, as {@link io.naru.cluster.control.ControlPlanePaths} describes them: for the
 * other services, not for users. Nothing here decides anything; requests go to the controller thread and nobody waits on a thread.
 */
@NullMarked
package io.naru.admin.controlplane;

import org.jspecify.annotations.NullMarked;
