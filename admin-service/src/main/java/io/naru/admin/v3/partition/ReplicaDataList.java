package io.naru.admin.v3.partition;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.CollectionMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Replicas of a partition. */
@Schema(name = "ReplicaList", description = "Replicas of a partition.")
record ReplicaDataList(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") CollectionMetadata metadata,
        @JsonProperty("data") List<ReplicaData> data) {}
