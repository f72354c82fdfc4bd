package io.naru.admin.v3.partition;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.CollectionMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Partitions of a topic. */
@Schema(name = "PartitionList", description = "Partitions of a topic.")
record PartitionDataList(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") CollectionMetadata metadata,
        @JsonProperty("data") List<PartitionData> data) {}
