package io.naru.admin.v3.election;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.CollectionMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** What became of elections. */
@Schema(name = "LeaderElectionList", description = "What became of elections.")
record ElectionDataList(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") CollectionMetadata metadata,
        @JsonProperty("data") List<ElectionData> data) {}
