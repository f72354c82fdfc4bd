/**
 * The cluster as every service sees it: {@link io.naru.cluster.ClusterImage} and the REST contract by which admin-service hands it out.
 */
@NullMarked
package io.naru.cluster;

import org.jspecify.annotations.NullMarked;
