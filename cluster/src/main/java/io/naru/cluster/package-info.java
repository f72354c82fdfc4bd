/**
 * The cluster as every service sees it. {@link io.naru.cluster.ClusterImage} is the whole of its metadata at one version; the
 * controller in admin-service makes images, everyone else follows them by long poll ({@link io.naru.cluster.control}).
 */
@NullMarked
package io.naru.cluster;

import org.jspecify.annotations.NullMarked;
