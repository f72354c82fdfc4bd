package io.naru.admin.v3.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.CollectionMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Configs that are set on all brokers. */
@Schema(name = "ClusterConfigList", description = "Configs that are set on all brokers.")
record ClusterConfigDataList(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") CollectionMetadata metadata,
        @JsonProperty("data") List<ClusterConfigData> data) {}
