package io.naru.admin.v3.reassignment;

import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.NameFilter;
import io.naru.admin.v3.Page;
import io.naru.admin.v3.PageRequest;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code …/partitions/{partition_id}/reassignment}: what moves. */
@RestController
@RequestMapping(path = "/v3/clusters/{cluster_id}/topics", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Reassignment", description = "Partitions that move from brokers to brokers.")
class ReassignmentResource {

    private final CurrentCluster current;

    ReassignmentResource(CurrentCluster current) {
        this.current = current;
    }

    private record Moving(String topic, PartitionImage partition) {
        String key() {
            return topic + "/" + PageRequest.ordered(partition.partition());
        }
    }

    @GetMapping("/-/partitions/-/reassignment")
    @Operation(operationId = "listKafkaAllTopicReassignments", summary = "List all reassignments under way")
    ReassignmentDataList all(
            @PathVariable("cluster_id") String clusterId,
            @RequestParam(name = "prefix", required = false) @Nullable String prefix,
            @RequestParam(name = "pattern", required = false) @Nullable String pattern,
            PageRequest page,
            HttpServletRequest request) {
        NameFilter names = new NameFilter(prefix, pattern);
        List<TopicImage> topics = current.image(clusterId).topics().values().stream()
                .filter(topic -> names.admits(topic.name()))
                .toList();
        return list(clusterId, topics, "-", page, request);
    }

    @GetMapping("/{topic_name}/partitions/-/reassignment")
    @Operation(operationId = "searchKafkaTopicReassignments", summary = "List a topic's reassignments under way")
    ReassignmentDataList ofTopic(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            PageRequest page,
            HttpServletRequest request) {
        return list(clusterId, List.of(current.topic(clusterId, topicName)), topicName, page, request);
    }

    @GetMapping("/{topic_name}/partitions/{partition_id}/reassignment")
    @Operation(
            operationId = "getKafkaReassignment",
            summary = "Get a partition's reassignment under way",
            description = "404 when it stays where it is.")
    ReassignmentData get(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            HttpServletRequest request) {
        PartitionImage partition = current.partition(clusterId, topicName, partitionId);
        if (!partition.reassigning()) {
            throw V3Exception.notFound(
                    "Partition " + partitionId + " of topic '" + topicName + "' is not being reassigned.");
        }
        return ReassignmentData.of(clusterId, topicName, partition, Location.cluster(request, clusterId));
    }

    private static ReassignmentDataList list(
            String clusterId,
            Collection<TopicImage> topics,
            String place,
            PageRequest page,
            HttpServletRequest request) {
        Location cluster = Location.cluster(request, clusterId);
        Page<Moving> found = page.of(
                topics.stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .filter(PartitionImage::reassigning)
                                .map(partition -> new Moving(topic.name(), partition)))
                        .toList(),
                Moving::key);
        return new ReassignmentDataList(
                "KafkaReassignmentList",
                found.metadata(
                        cluster.collection("topics").child("topic", place).collection("partitions/-/reassignment")),
                found.map(moving -> ReassignmentData.of(clusterId, moving.topic, moving.partition, cluster)));
    }
}
