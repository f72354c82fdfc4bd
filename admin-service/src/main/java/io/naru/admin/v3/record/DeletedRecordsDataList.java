package io.naru.admin.v3.record;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.CollectionMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** What became of deletions. */
@Schema(name = "DeletedRecordsList", description = "What became of deletions.")
record DeletedRecordsDataList(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") CollectionMetadata metadata,
        @JsonProperty("data") List<DeletedRecordsData> data) {}
