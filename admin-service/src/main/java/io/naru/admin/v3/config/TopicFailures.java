package io.naru.admin.v3.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Outcome;
import io.naru.cluster.control.ConfigResults.ConfigResult;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** Topics of a batch for which it failed. */
@Schema(name = "TopicFailures", description = "Topics for which it failed.")
record TopicFailures(@JsonProperty("failures") List<Failure> failures) {

    /** One of them. */
    @Schema(name = "TopicFailure", description = "A topic for which it failed.")
    record Failure(
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("error_code") int errorCode,
            @JsonProperty("message") String message) {}

    static TopicFailures of(List<ConfigResult> results) {
        return new TopicFailures(results.stream()
                .filter(result -> result.errorCode() != 0)
                .map(result -> new Failure(
                        result.target().name(),
                        Outcome.of(Errors.forCode(result.errorCode()), result.message())
                                .errorCode(),
                        String.valueOf(result.message())))
                .toList());
    }
}
