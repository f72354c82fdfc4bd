package io.naru.admin.v3.group;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.CollectionMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Consumer groups. */
@Schema(name = "ConsumerGroupList", description = "Consumer groups.")
record GroupDataList(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") CollectionMetadata metadata,
        @JsonProperty("data") List<GroupData> data) {}
