/**
 * Cluster metadata in a relational database: {@link io.naru.admin.metadata.MetadataStore} loads the whole of it when a controller
 * takes over and commits each decision in one transaction. Every row carries the cluster's path, so that several clusters can share
 * one database.
 */
@NullMarked
package io.naru.admin.metadata;

import org.jspecify.annotations.NullMarked;
