/**
 * The REST contract of the control plane: messages, paths, and the client that brokers and coordinators use.
 * {@link io.naru.cluster.control.SessionKeeper} keeps a service registered; {@link io.naru.cluster.control.ImageFollower} keeps its
 * {@link io.naru.cluster.ClusterImage} current.
 *
 * <p>Every path answers JSON. Failures of the call as a whole are {@link io.naru.cluster.control.ControlPlaneError}; failures of one
 * topic among several stand in that topic's {@link io.naru.cluster.control.TopicResult}.
 */
@NullMarked
package io.naru.cluster.control;

import org.jspecify.annotations.NullMarked;
