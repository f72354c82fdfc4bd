package io.naru.admin.v3.topic;

import io.naru.admin.lease.ControllerThread;
import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Decide;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.NameFilter;
import io.naru.admin.v3.Page;
import io.naru.admin.v3.PageRequest;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.CreatePartitions;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.TopicResult;
import io.naru.cluster.control.TopicResults;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v3/clusters/{cluster_id}/topics}. */
@RestController
@RequestMapping(path = "/v3/clusters/{cluster_id}/topics", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Topic", description = "Topics.")
class TopicResource {

    private final CurrentCluster current;
    private final ControllerThread controller;

    TopicResource(CurrentCluster current, ControllerThread controller) {
        this.current = current;
        this.controller = controller;
    }

    @GetMapping
    @Operation(operationId = "listKafkaTopics", summary = "List topics", description = "All topics, internal ones too.")
    TopicDataList list(
            @PathVariable("cluster_id") String clusterId,
            @RequestParam(name = "prefix", required = false) @Nullable String prefix,
            @RequestParam(name = "pattern", required = false) @Nullable String pattern,
            @RequestParam(name = "internal", required = false) @Nullable Boolean internal,
            @Parameter(description = "Say what may be done with each.")
                    @RequestParam(name = "includeAuthorizedOperations", defaultValue = "false")
                    boolean operations,
            PageRequest page,
            HttpServletRequest request) {
        Location topics = topics(clusterId, request);
        NameFilter names = new NameFilter(prefix, pattern);
        Page<TopicImage> found = page.of(
                current.image(clusterId).topics().values().stream()
                        .filter(topic -> names.admits(topic.name()))
                        .filter(topic -> internal == null || topic.internal() == internal)
                        .toList(),
                TopicImage::name);
        return new TopicDataList(
                "KafkaTopicList",
                found.metadata(topics),
                found.map(topic -> TopicData.of(clusterId, topic, topics, operations)));
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "createKafkaTopic",
            summary = "Create a topic",
            description = "With validate_only the topic is checked and shown as it would be, and nothing is created.")
    @ApiResponse(
            responseCode = "201",
            description = "Created; Location is where it is.",
            content = @Content(schema = @Schema(implementation = TopicData.class)))
    @ApiResponse(
            responseCode = "200",
            description = "Could be created (validate_only).",
            content = @Content(schema = @Schema(implementation = TopicData.class)))
    CompletableFuture<ResponseEntity<TopicData>> create(
            @PathVariable("cluster_id") String clusterId,
            @RequestBody CreateTopicRequest body,
            HttpServletRequest request) {
        current.image(clusterId);
        Location topics = topics(clusterId, request);
        CreateTopics wanted = body.toControlPlane();
        return Decide.on(
                        controller,
                        request,
                        body.isValidateOnly(),
                        "create_topics",
                        (c, nowMs) -> c.createTopics(wanted))
                .thenApply(results -> {
                    TopicData data = TopicData.of(clusterId, topic(results), topics, false);
                    return body.isValidateOnly()
                            ? ResponseEntity.ok(data)
                            : ResponseEntity.created(URI.create(data.metadata().self()))
                                    .body(data);
                });
    }

    @GetMapping("/{topic_name}")
    @Operation(operationId = "getKafkaTopic", summary = "Get a topic")
    TopicData get(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @Parameter(description = "Say what may be done with it.")
                    @RequestParam(name = "include_authorized_operations", defaultValue = "false")
                    boolean operations,
            HttpServletRequest request) {
        return TopicData.of(clusterId, current.topic(clusterId, topicName), topics(clusterId, request), operations);
    }

    @PatchMapping(path = "/{topic_name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "updatePartitionCountKafkaTopic",
            summary = "Add partitions to a topic",
            description =
                    "There can only be more. Records do not move, so keys may go to other partitions than before.")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = TopicData.class)))
    CompletableFuture<TopicData> update(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @RequestBody UpdateTopicRequest body,
            HttpServletRequest request) {
        current.topic(clusterId, topicName);
        Location topics = topics(clusterId, request);
        CreatePartitions wanted = body.toControlPlane(topicName);
        return Decide.on(
                        controller,
                        request,
                        body.isValidateOnly(),
                        "create_partitions",
                        (c, nowMs) -> c.createPartitions(wanted))
                .thenApply(results -> TopicData.of(clusterId, topic(results), topics, false));
    }

    @DeleteMapping("/{topic_name}")
    @Operation(operationId = "deleteKafkaTopic", summary = "Delete a topic", description = "With everything in it.")
    @ApiResponse(responseCode = "204", description = "Deleted.", content = @Content)
    CompletableFuture<ResponseEntity<Void>> delete(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @RequestParam(name = "validate_only", defaultValue = "false") boolean validateOnly,
            HttpServletRequest request) {
        current.topic(clusterId, topicName);
        return Decide.on(
                        controller,
                        request,
                        validateOnly,
                        "delete_topics",
                        (c, nowMs) -> c.deleteTopics(new DeleteTopics(List.of(topicName), List.of())))
                .thenApply(results -> {
                    only(results);
                    return ResponseEntity.noContent().build();
                });
    }

    private static TopicImage topic(TopicResults results) {
        TopicImage topic = only(results).topic();
        if (topic == null) {
            throw new IllegalStateException("a topic was made, and there is none");
        }
        return topic;
    }

    private static TopicResult only(TopicResults results) {
        TopicResult result = results.results().get(0);
        if (result.errorCode() != 0) {
            throw V3Exception.of(Errors.forCode(result.errorCode()), String.valueOf(result.message()));
        }
        return result;
    }

    private static Location topics(String clusterId, HttpServletRequest request) {
        return Location.cluster(request, clusterId).collection("topics");
    }
}
