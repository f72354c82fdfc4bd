package io.naru.admin.v3.logdir;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Outcome;
import io.naru.admin.v3.Related;
import io.naru.admin.v3.ResourceMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.jspecify.annotations.Nullable;

/** A data directory of a broker. */
@Schema(name = "LogDir", description = "A data directory of a broker.")
record LogDirData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("broker_id") int brokerId,

        @Schema(description = "Its path.") @JsonProperty("log_dir")
        String logDir,

        @Schema(description = "200, or the code of an error.") @JsonProperty("error_code")
        int errorCode,

        @Schema(nullable = true, description = "What is wrong with it.") @JsonProperty("message") @Nullable
        String message,

        @Schema(nullable = true, description = "Size of its volume in bytes, if known.")
        @JsonProperty("total_bytes")
        @Nullable
        Long totalBytes,

        @Schema(nullable = true, description = "What is free of it in bytes, if known.")
        @JsonProperty("usable_bytes")
        @Nullable
        Long usableBytes,

        @Schema(description = "Bytes of all replicas in it.") @JsonProperty("size_bytes")
        long sizeBytes,

        @JsonProperty("replicas") List<Replica> replicas) {

    /** A replica in it. */
    @Schema(name = "LogDirReplica", description = "A replica in a data directory.")
    record Replica(
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partition_id") int partitionId,
            @JsonProperty("size_bytes") long sizeBytes,

            @Schema(description = "Records by which it is behind its leader.") @JsonProperty("offset_lag")
            long offsetLag,

            @Schema(description = "Whether it is being moved here from another directory.") @JsonProperty("is_future")
            boolean isFuture,

            @JsonProperty("partition") Related partition) {}

    static LogDirData of(String clusterId, int broker, String path, LogDirDescription directory, Location cluster) {
        Outcome outcome = directory.error() == null ? new Outcome(Outcome.DONE, null) : Outcome.of(directory.error());
        List<Replica> replicas = directory.replicaInfos().entrySet().stream()
                .map(entry -> new Replica(
                        entry.getKey().topic(),
                        entry.getKey().partition(),
                        entry.getValue().size(),
                        entry.getValue().offsetLag(),
                        entry.getValue().isFuture(),
                        cluster.related("topics/" + entry.getKey().topic() + "/partitions/"
                                + entry.getKey().partition())))
                .sorted((a, b) -> a.topicName.equals(b.topicName)
                        ? Integer.compare(a.partitionId, b.partitionId)
                        : a.topicName.compareTo(b.topicName))
                .toList();
        return new LogDirData(
                "KafkaLogDir",
                cluster.collection("brokers")
                        .child("broker", broker)
                        .collection("log-dirs")
                        .child("log-dir", path)
                        .metadata(),
                clusterId,
                broker,
                path,
                outcome.errorCode(),
                outcome.message(),
                boxed(directory.totalBytes()),
                boxed(directory.usableBytes()),
                replicas.stream().mapToLong(Replica::sizeBytes).sum(),
                replicas);
    }

    private static @Nullable Long boxed(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }
}
