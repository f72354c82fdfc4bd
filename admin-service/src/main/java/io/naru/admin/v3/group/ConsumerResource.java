package io.naru.admin.v3.group;

import io.naru.admin.Actors;
import io.naru.admin.controller.Note;
import io.naru.admin.kafka.GroupMembers;
import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Page;
import io.naru.admin.v3.PageRequest;
import io.naru.admin.v3.V3Exception;
import io.naru.admin.v3.history.OutsideChanges;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.control.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code …/consumer-groups/{consumer_group_id}/consumers}: members and what they read. */
@RestController
@RequestMapping(
        path = "/v3/clusters/{cluster_id}/consumer-groups/{consumer_group_id}/consumers",
        produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Consumer group")
class ConsumerResource {

    private static final String ASSIGNMENTS = "/{consumer_id}/assignments";

    private final CurrentCluster current;
    private final GroupReader groups;
    private final GroupMembers members;
    private final OutsideChanges history;

    ConsumerResource(CurrentCluster current, GroupReader groups, GroupMembers members, OutsideChanges history) {
        this.current = current;
        this.groups = groups;
        this.members = members;
        this.history = history;
    }

    @GetMapping
    @Operation(operationId = "listKafkaConsumers", summary = "List a group's members")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = ConsumerDataList.class)))
    CompletableFuture<ConsumerDataList> list(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            @Parameter(description = "Only those of this client id.")
                    @RequestParam(name = "client_id", required = false)
                    @Nullable
                    String clientId,
            PageRequest page,
            HttpServletRequest request) {
        Location cluster = Location.cluster(request, clusterId);
        return groups.describe(current.image(clusterId), groupId).thenApply(group -> {
            Page<MemberDescription> found = page.of(
                    group.members().stream()
                            .filter(member -> clientId == null || clientId.equals(member.clientId()))
                            .toList(),
                    MemberDescription::consumerId);
            return new ConsumerDataList(
                    "KafkaConsumerList",
                    found.metadata(Groups.group(cluster, groupId).collection("consumers")),
                    found.map(member -> ConsumerData.of(clusterId, groupId, member, cluster)));
        });
    }

    @GetMapping("/{consumer_id}")
    @Operation(operationId = "getKafkaConsumer", summary = "Get a member of a group")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = ConsumerData.class)))
    CompletableFuture<ConsumerData> get(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            @PathVariable("consumer_id") String consumerId,
            HttpServletRequest request) {
        Location cluster = Location.cluster(request, clusterId);
        return member(current.image(clusterId), groupId, consumerId)
                .thenApply(member -> ConsumerData.of(clusterId, groupId, member, cluster));
    }

    @DeleteMapping("/{consumer_id}")
    @Operation(
            operationId = "deleteKafkaConsumer",
            summary = "Remove a member from its group",
            description = "Its partitions go to the others. A client that is alive joins again under another id.")
    @ApiResponse(responseCode = "204", description = "Removed.", content = @Content)
    CompletableFuture<ResponseEntity<Void>> remove(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            @PathVariable("consumer_id") String consumerId,
            @RequestParam(name = "validate_only", defaultValue = "false") boolean validateOnly,
            HttpServletRequest request) {
        ClusterImage image = current.image(clusterId);
        Actor actor = Actors.ofUser(request);
        return groups.describe(image, groupId)
                .thenCompose(group -> {
                    MemberDescription member = member(group, consumerId);
                    return validateOnly
                            ? CompletableFuture.completedFuture(true)
                            : members.remove(image, group, member)
                                    .thenCompose(gone -> history.noted(note(actor, groupId, member), true));
                })
                .thenApply(removed -> ResponseEntity.noContent().build());
    }

    private static Note note(Actor actor, String groupId, MemberDescription member) {
        Map<String, String> was = new HashMap<>();
        was.put("consumer_id", member.consumerId());
        was.put("client_id", member.clientId());
        was.put("host", member.host());
        member.groupInstanceId().ifPresent(instance -> was.put("instance_id", instance));
        return new Note(actor, Note.Action.REMOVE_MEMBER, Note.Kind.GROUP, groupId, was, Map.of());
    }

    @GetMapping(ASSIGNMENTS)
    @Operation(operationId = "listKafkaConsumerAssignment", summary = "List the partitions that a member reads")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = AssignmentDataList.class)))
    CompletableFuture<AssignmentDataList> assignments(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            @PathVariable("consumer_id") String consumerId,
            @Parameter(description = "Only those of this topic.")
                    @RequestParam(name = "topic_name", required = false)
                    @Nullable
                    String topicName,
            PageRequest page,
            HttpServletRequest request) {
        Location cluster = Location.cluster(request, clusterId);
        return member(current.image(clusterId), groupId, consumerId).thenApply(member -> {
            Page<TopicPartition> found = page.of(
                    member.assignment().topicPartitions().stream()
                            .filter(partition -> topicName == null || topicName.equals(partition.topic()))
                            .toList(),
                    PartitionLag::key);
            return new AssignmentDataList(
                    "KafkaConsumerAssignmentList",
                    found.metadata(Groups.consumer(cluster, groupId, consumerId).collection("assignments")),
                    found.map(partition -> AssignmentData.of(clusterId, groupId, consumerId, partition, cluster)));
        });
    }

    @GetMapping(ASSIGNMENTS + "/{topic_name}/partitions/{partition_id}")
    @Operation(operationId = "getKafkaConsumerAssignment", summary = "Get a partition that a member reads")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = AssignmentData.class)))
    CompletableFuture<AssignmentData> assignment(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            @PathVariable("consumer_id") String consumerId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            HttpServletRequest request) {
        Location cluster = Location.cluster(request, clusterId);
        TopicPartition partition = new TopicPartition(topicName, partitionId);
        return member(current.image(clusterId), groupId, consumerId).thenApply(member -> {
            if (!member.assignment().topicPartitions().contains(partition)) {
                throw V3Exception.notFound("Member '" + consumerId + "' does not read " + partition + ".");
            }
            return AssignmentData.of(clusterId, groupId, consumerId, partition, cluster);
        });
    }

    private CompletableFuture<MemberDescription> member(ClusterImage image, String groupId, String consumerId) {
        return groups.describe(image, groupId).thenApply(group -> member(group, consumerId));
    }

    private static MemberDescription member(ConsumerGroupDescription group, String consumerId) {
        return group.members().stream()
                .filter(member -> member.consumerId().equals(consumerId))
                .findFirst()
                .orElseThrow(() ->
                        V3Exception.notFound("Group '" + group.groupId() + "' has no member '" + consumerId + "'."));
    }
}
