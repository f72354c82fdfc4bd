package io.naru.admin.v3.topic;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.CollectionMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Configs of a topic. */
@Schema(name = "TopicConfigList", description = "Configs of a topic.")
record TopicConfigDataList(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") CollectionMetadata metadata,
        @JsonProperty("data") List<TopicConfigData> data) {}
