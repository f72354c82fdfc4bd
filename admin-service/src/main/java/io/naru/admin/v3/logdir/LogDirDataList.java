package io.naru.admin.v3.logdir;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.CollectionMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Data directories of brokers. */
@Schema(name = "LogDirList", description = "Data directories of brokers.")
record LogDirDataList(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") CollectionMetadata metadata,
        @JsonProperty("data") List<LogDirData> data) {}
