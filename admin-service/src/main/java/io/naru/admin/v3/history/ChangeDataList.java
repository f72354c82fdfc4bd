package io.naru.admin.v3.history;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.CollectionMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Changes, the newest first. */
@Schema(name = "ChangeList", description = "Changes, the newest first.")
record ChangeDataList(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") CollectionMetadata metadata,
        @JsonProperty("data") List<ChangeData> data) {}
