package io.naru.admin.v3.broker;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.CollectionMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Brokers. */
@Schema(name = "BrokerList", description = "Brokers.")
record BrokerDataList(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") CollectionMetadata metadata,
        @JsonProperty("data") List<BrokerData> data) {}
