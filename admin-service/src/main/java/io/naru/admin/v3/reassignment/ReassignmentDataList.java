package io.naru.admin.v3.reassignment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.CollectionMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Reassignments under way. */
@Schema(name = "ReassignmentList", description = "Reassignments under way.")
record ReassignmentDataList(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") CollectionMetadata metadata,
        @JsonProperty("data") List<ReassignmentData> data) {}
