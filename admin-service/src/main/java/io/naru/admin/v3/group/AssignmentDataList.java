package io.naru.admin.v3.group;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.CollectionMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Partitions that a member reads. */
@Schema(name = "ConsumerAssignmentList", description = "Partitions that a member reads.")
record AssignmentDataList(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") CollectionMetadata metadata,
        @JsonProperty("data") List<AssignmentData> data) {}
