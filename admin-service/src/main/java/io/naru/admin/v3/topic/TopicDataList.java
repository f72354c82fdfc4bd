package io.naru.admin.v3.topic;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.CollectionMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Topics. */
@Schema(name = "TopicList", description = "Topics.")
record TopicDataList(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") CollectionMetadata metadata,
        @JsonProperty("data") List<TopicData> data) {}
