package io.naru.admin.v3.topic;

import io.naru.admin.Actors;
import io.naru.admin.lease.ControllerThread;
import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.TopicResult;
import io.naru.cluster.control.TopicResults;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
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
    TopicDataList list(@PathVariable("cluster_id") String clusterId, HttpServletRequest request) {
        Location topics = topics(clusterId, request);
        return new TopicDataList(
                "KafkaTopicList",
                topics.listMetadata(),
                current.image(clusterId).topics().values().stream()
                        .map(topic -> TopicData.of(clusterId, topic, topics))
                        .toList());
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
        return controller
                .call("create_topics", Actors.ofUser(request), (c, nowMs) -> c.createTopics(wanted))
                .thenApply(results -> {
                    TopicImage topic = only(results).topic();
                    if (topic == null) {
                        throw new IllegalStateException("a topic was created, and there is none");
                    }
                    TopicData data = TopicData.of(clusterId, topic, topics);
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
            HttpServletRequest request) {
        return TopicData.of(clusterId, current.topic(clusterId, topicName), topics(clusterId, request));
    }

    @DeleteMapping("/{topic_name}")
    @Operation(operationId = "deleteKafkaTopic", summary = "Delete a topic", description = "With everything in it.")
    @ApiResponse(responseCode = "204", description = "Deleted.", content = @Content)
    CompletableFuture<ResponseEntity<Void>> delete(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            HttpServletRequest request) {
        current.topic(clusterId, topicName);
        return controller
                .call(
                        "delete_topics",
                        Actors.ofUser(request),
                        (c, nowMs) -> c.deleteTopics(new DeleteTopics(List.of(topicName), List.of())))
                .thenApply(results -> {
                    only(results);
                    return ResponseEntity.noContent().build();
                });
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
