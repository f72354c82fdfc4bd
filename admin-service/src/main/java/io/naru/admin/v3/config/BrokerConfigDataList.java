package io.naru.admin.v3.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.CollectionMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Configs of brokers. */
@Schema(name = "BrokerConfigList", description = "Configs of brokers.")
record BrokerConfigDataList(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") CollectionMetadata metadata,
        @JsonProperty("data") List<BrokerConfigData> data) {}
