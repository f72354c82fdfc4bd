package io.naru.admin.v3.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.CollectionMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Clusters. */
@Schema(name = "ClusterList", description = "Clusters.")
record ClusterDataList(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") CollectionMetadata metadata,
        @JsonProperty("data") List<ClusterData> data) {}
