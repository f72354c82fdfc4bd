package io.naru.admin.v3.topic;

import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.config.ConfigLayers;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v3/clusters/{cluster_id}/topics/{topic_name}/configs}. */
@RestController
@RequestMapping(
        path = "/v3/clusters/{cluster_id}/topics/{topic_name}/configs",
        produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Configs", description = "Configs of topics.")
class TopicConfigResource {

    private final CurrentCluster current;

    TopicConfigResource(CurrentCluster current) {
        this.current = current;
    }

    @GetMapping
    @Operation(
            operationId = "listKafkaTopicConfigs",
            summary = "List a topic's configs",
            description = "All that Naru honours, whether set on the topic or not.")
    TopicConfigDataList list(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            HttpServletRequest request) {
        Location configs = configs(clusterId, topicName, request);
        return new TopicConfigDataList(
                "KafkaTopicConfigList", configs.listMetadata(), describe(clusterId, topicName, configs));
    }

    @GetMapping("/{name}")
    @Operation(operationId = "getKafkaTopicConfig", summary = "Get a topic's config")
    TopicConfigData get(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("name") String name,
            HttpServletRequest request) {
        return describe(clusterId, topicName, configs(clusterId, topicName, request)).stream()
                .filter(config -> config.name().equals(name))
                .findFirst()
                .orElseThrow(() -> V3Exception.notFound("There is no topic config '" + name + "'."));
    }

    private List<TopicConfigData> describe(String clusterId, String topicName, Location configs) {
        return ConfigLayers.of(current.image())
                .describeTopic(current.topic(clusterId, topicName).configs())
                .stream()
                .map(config -> TopicConfigData.of(clusterId, topicName, config, configs))
                .toList();
    }

    private static Location configs(String clusterId, String topicName, HttpServletRequest request) {
        return Location.cluster(request, clusterId)
                .collection("topics")
                .child("topic", topicName)
                .collection("configs");
    }
}
