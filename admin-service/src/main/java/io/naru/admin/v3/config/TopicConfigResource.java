package io.naru.admin.v3.config;

import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Page;
import io.naru.admin.v3.PageRequest;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.config.ConfigLayers;
import io.naru.cluster.config.TopicConfigs;
import io.naru.cluster.control.AlterConfigs.ConfigOp;
import io.naru.cluster.control.ConfigTarget;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code …/topics/{topic_name}/configs}. */
@RestController
@RequestMapping(path = "/v3/clusters/{cluster_id}/topics/{topic_name}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Configs", description = "Configs of topics, of single brokers, and of all brokers.")
class TopicConfigResource {

    private final CurrentCluster current;
    private final ConfigChanges changes;

    TopicConfigResource(CurrentCluster current, ConfigChanges changes) {
        this.current = current;
        this.changes = changes;
    }

    @GetMapping("/configs")
    @Operation(
            operationId = "listKafkaTopicConfigs",
            summary = "List a topic's configs",
            description =
                    "All that Naru honours, whether set on the topic or not. ETag is that of what is set on the topic.")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = TopicConfigDataList.class)))
    ResponseEntity<TopicConfigDataList> list(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @RequestParam(name = "prefix", required = false) @Nullable String prefix,
            @RequestParam(name = "pattern", required = false) @Nullable String pattern,
            @Parameter(description = "Only those that nobody has set, or only the others.")
                    @RequestParam(name = "is_default", required = false)
                    @Nullable
                    Boolean isDefault,
            PageRequest page,
            HttpServletRequest request) {
        Location configs = configs(clusterId, topicName, request);
        TopicImage topic = current.topic(clusterId, topicName);
        ConfigFilter filter = ConfigFilter.of(prefix, pattern, isDefault);
        Page<ConfigView> found = page.of(
                describe(current.image(clusterId), topic).stream()
                        .filter(filter::admits)
                        .toList(),
                ConfigView::name);
        return ResponseEntity.ok()
                .eTag(ConfigTag.of(topic.configs()))
                .body(new TopicConfigDataList(
                        "KafkaTopicConfigList",
                        found.metadata(configs),
                        found.map(config -> TopicConfigData.of(clusterId, topicName, config, configs))));
    }

    @GetMapping("/configs/{name}")
    @Operation(
            operationId = "getKafkaTopicConfig",
            summary = "Get a topic's config",
            description = "ETag is that of all that is set on the topic.")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = TopicConfigData.class)))
    ResponseEntity<TopicConfigData> get(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("name") String name,
            HttpServletRequest request) {
        TopicImage topic = current.topic(clusterId, topicName);
        known(name);
        return describe(current.image(clusterId), topic).stream()
                .filter(config -> config.name().equals(name))
                .findFirst()
                .map(config -> ResponseEntity.ok()
                        .eTag(ConfigTag.of(topic.configs()))
                        .body(TopicConfigData.of(clusterId, topicName, config, configs(clusterId, topicName, request))))
                .orElseThrow();
    }

    @PostMapping(path = "/configs:alter", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "updateKafkaTopicConfigBatch",
            summary = "Set and unset a topic's configs",
            description = "All of them or none.")
    @ApiResponse(responseCode = "204", description = "Done; ETag is that of what is set now.", content = @Content)
    @Parameter(in = ParameterIn.HEADER, name = "If-Match", schema = @Schema(type = "string"))
    CompletableFuture<ResponseEntity<Void>> alter(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @RequestBody AlterConfigsRequest body,
            HttpServletRequest request) {
        return changes.alter(
                request,
                ConfigTarget.topic(topicName),
                current.topic(clusterId, topicName).configs(),
                body.ops(),
                body.isValidateOnly());
    }

    @PutMapping(path = "/configs/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "updateKafkaTopicConfig", summary = "Set a topic's config")
    @ApiResponse(responseCode = "204", description = "Done; ETag is that of what is set now.", content = @Content)
    @Parameter(in = ParameterIn.HEADER, name = "If-Match", schema = @Schema(type = "string"))
    CompletableFuture<ResponseEntity<Void>> update(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("name") String name,
            @RequestBody UpdateConfigRequest body,
            HttpServletRequest request) {
        Map<String, String> set = current.topic(clusterId, topicName).configs();
        known(name);
        return changes.alter(request, ConfigTarget.topic(topicName), set, body.op(name), body.isValidateOnly());
    }

    @DeleteMapping("/configs/{name}")
    @Operation(
            operationId = "deleteKafkaTopicConfig",
            summary = "Unset a topic's config",
            description = "What counts then is what is set further out, or the default.")
    @ApiResponse(responseCode = "204", description = "Done; ETag is that of what is set now.", content = @Content)
    @Parameter(in = ParameterIn.HEADER, name = "If-Match", schema = @Schema(type = "string"))
    CompletableFuture<ResponseEntity<Void>> reset(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("name") String name,
            @RequestParam(name = "validate_only", defaultValue = "false") boolean validateOnly,
            HttpServletRequest request) {
        Map<String, String> set = current.topic(clusterId, topicName).configs();
        known(name);
        return changes.alter(request, ConfigTarget.topic(topicName), set, List.of(ConfigOp.delete(name)), validateOnly);
    }

    private static void known(String name) {
        if (TopicConfigs.find(name).isEmpty()) {
            throw V3Exception.notFound("There is no topic config '" + name + "'.");
        }
    }

    static List<ConfigView> describe(ClusterImage image, TopicImage topic) {
        return ConfigLayers.of(image).describeTopic(topic.configs()).stream()
                .map(ConfigView::of)
                .toList();
    }

    private static Location configs(String clusterId, String topicName, HttpServletRequest request) {
        return configs(Location.cluster(request, clusterId), topicName);
    }

    static Location configs(Location cluster, String topicName) {
        return cluster.collection("topics").child("topic", topicName).collection("configs");
    }
}
