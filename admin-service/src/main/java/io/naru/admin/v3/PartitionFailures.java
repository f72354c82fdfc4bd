package io.naru.admin.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.cluster.control.PartitionResult;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/**
 * Partitions of a batch for which it failed.
 *
 * @param failures one for each
 */
@Schema(name = "PartitionFailures", description = "Partitions for which it failed.")
public record PartitionFailures(@JsonProperty("failures") List<Failure> failures) {

    /** One of them. */
    @Schema(name = "PartitionFailure", description = "A partition for which it failed.")
    public record Failure(
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partition_id") int partitionId,
            @JsonProperty("error_code") int errorCode,
            @JsonProperty("message") String message) {}

    /** 204 when nothing failed, else 207 with what did. */
    public static ResponseEntity<@Nullable PartitionFailures> answer(List<PartitionResult> results) {
        List<Failure> failures = results.stream()
                .filter(result -> result.errorCode() != 0)
                .map(result -> new Failure(
                        result.partition().topic(),
                        result.partition().partition(),
                        KafkaError.of(Errors.forCode(result.errorCode())).errorCode(),
                        String.valueOf(result.message())))
                .toList();
        return failures.isEmpty()
                ? ResponseEntity.noContent().build()
                : ResponseEntity.status(HttpStatus.MULTI_STATUS).body(new PartitionFailures(failures));
    }
}
