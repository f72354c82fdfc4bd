package io.naru.admin.v3.history;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.controller.Note;
import io.naru.admin.metadata.ChangeHistory;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.ResourceMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;

/** A change. */
@Schema(name = "Change", description = "Something that somebody changed.")
record ChangeData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("change_id") String changeId,

        @Schema(description = "When, ISO-8601.", format = "date-time") @JsonProperty("timestamp")
        String timestamp,

        @Schema(description = "Who. Nobody is authenticated yet.") @JsonProperty("principal")
        String principal,

        @Schema(description = "What the client calls itself: client id or user agent.") @JsonProperty("client")
        String client,

        @Schema(description = "Where it called from.") @JsonProperty("address")
        String address,

        @Schema(
                description = "CREATE, DELETE, ALTER_CONFIGS, CREATE_PARTITIONS, REASSIGN, ELECT_LEADER, UNREGISTER,"
                        + " RESET_OFFSETS, REMOVE_MEMBER or DELETE_RECORDS.")
        @JsonProperty("action")
        String action,

        @Schema(description = "TOPIC, PARTITION, BROKER or GROUP.") @JsonProperty("resource_type")
        String resourceType,

        @Schema(description = "A topic, a topic-partition, a broker's id, or default for all brokers; a group.")
        @JsonProperty("resource_name")
        String resourceName,

        @Schema(description = "What it was, as far as it changed.") @JsonProperty("before")
        Map<String, String> before,

        @Schema(description = "What it is since, as far as it changed.") @JsonProperty("after")
        Map<String, String> after) {

    static ChangeData of(String clusterId, ChangeHistory.Entry entry, Location changes) {
        Note note = entry.note();
        String id = entry.place().toString();
        return new ChangeData(
                "KafkaChange",
                changes.child("change", id).metadata(),
                clusterId,
                id,
                entry.at().toString(),
                note.actor().principal(),
                note.actor().client(),
                note.actor().address(),
                note.action().name(),
                note.kind().name(),
                note.resource(),
                note.before(),
                note.after());
    }
}
