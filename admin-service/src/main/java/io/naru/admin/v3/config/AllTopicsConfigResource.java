package io.naru.admin.v3.config;

import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.NameFilter;
import io.naru.admin.v3.Page;
import io.naru.admin.v3.PageRequest;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.TopicImage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code …/topics/-/configs}: configs of all topics. */
@RestController
@RequestMapping(path = "/v3/clusters/{cluster_id}/topics/-", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Configs")
class AllTopicsConfigResource {

    private final CurrentCluster current;
    private final ConfigChanges changes;

    AllTopicsConfigResource(CurrentCluster current, ConfigChanges changes) {
        this.current = current;
        this.changes = changes;
    }

    private record OfTopic(String topic, ConfigView config) {
        String key() {
            return topic + "/" + config.name();
        }
    }

    @GetMapping("/configs")
    @Operation(operationId = "listKafkaAllTopicConfigs", summary = "List configs of all topics")
    TopicConfigDataList list(
            @PathVariable("cluster_id") String clusterId,
            @Parameter(description = "Only topics whose names begin so.")
                    @RequestParam(name = "topic_prefix", required = false)
                    @Nullable
                    String topicPrefix,
            @RequestParam(name = "pattern", required = false) @Nullable String pattern,
            @Parameter(description = "Only those that nobody has set, or only the others.")
                    @RequestParam(name = "is_default", required = false)
                    @Nullable
                    Boolean isDefault,
            PageRequest page,
            HttpServletRequest request) {
        ClusterImage image = current.image(clusterId);
        Location cluster = Location.cluster(request, clusterId);
        NameFilter topics = new NameFilter(topicPrefix, null);
        ConfigFilter filter = ConfigFilter.of(null, pattern, isDefault);
        Page<OfTopic> found = page.of(
                image.topics().values().stream()
                        .filter(topic -> topics.admits(topic.name()))
                        .flatMap(topic -> configs(image, topic))
                        .filter(one -> filter.admits(one.config))
                        .toList(),
                OfTopic::key);
        return new TopicConfigDataList(
                "KafkaTopicConfigList",
                found.metadata(cluster.collection("topics/-/configs")),
                found.map(one -> TopicConfigData.of(
                        clusterId, one.topic, one.config, TopicConfigResource.configs(cluster, one.topic))));
    }

    private static Stream<OfTopic> configs(ClusterImage image, TopicImage topic) {
        return TopicConfigResource.describe(image, topic).stream().map(config -> new OfTopic(topic.name(), config));
    }

    @PostMapping(path = "/configs:alter", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "updateKafkaAllTopicConfigs",
            summary = "Set and unset configs of several topics",
            description = "Of each topic all or none; those that fail are named in the answer, the others are done.")
    @ApiResponse(responseCode = "204", description = "All done.", content = @Content)
    @ApiResponse(
            responseCode = "207",
            description = "All but those that are named.",
            content = @Content(schema = @Schema(implementation = TopicFailures.class)))
    CompletableFuture<ResponseEntity<@Nullable TopicFailures>> alter(
            @PathVariable("cluster_id") String clusterId,
            @RequestBody AlterTopicsConfigsRequest body,
            HttpServletRequest request) {
        current.image(clusterId);
        return changes.alter(request, body.resources(), body.isValidateOnly()).thenApply(results -> {
            TopicFailures failures = TopicFailures.of(results);
            return failures.failures().isEmpty()
                    ? ResponseEntity.noContent().build()
                    : ResponseEntity.status(HttpStatus.MULTI_STATUS).body(failures);
        });
    }
}
