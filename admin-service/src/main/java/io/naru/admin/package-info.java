/**
 * admin-service: the controller of a Naru cluster, and its REST administration. A request goes from a resource
 * ({@link io.naru.admin.controlplane}, {@code io.naru.admin.v3}) to {@link io.naru.admin.lease.ControllerThread}, which lets
 * {@link io.naru.admin.controller.Controller} decide, commits to {@link io.naru.admin.metadata.MetadataStore}, and publishes the
 * new image to everyone who waits for it.
 */
@NullMarked
package io.naru.admin;

import org.jspecify.annotations.NullMarked;
