package io.naru.gateway.group;

import io.naru.gateway.fake.FakeBroker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * A group coordinator (KIP-848) beside a {@link FakeBroker}: epochs, fencing, revocation before assignment, commits checked by epoch.
 * Members are never evicted unless a test says so.
 */
public final class FakeCoordinator {

    /** A partition by topic id and index. */
    record Part(Uuid topicId, int partition) {}

    private static final Comparator<Part> ORDER =
            Comparator.comparing(Part::topicId).thenComparingInt(Part::partition);

    private static final class Member {
        private final String id;
        private int epoch;
        private int previousEpoch = -1;
        private String rackId = "";
        private List<String> topics = List.of();
        private String pattern = "";
        private final Set<Part> assigned = new TreeSet<>(ORDER);
        private final Set<Part> target = new TreeSet<>(ORDER);

        private Member(String id) {
            this.id = id;
        }
    }

    private static final class Group {
        private int epoch;
        private final Map<String, Member> members = new TreeMap<>();
        private final Map<String, Long> offsets = new TreeMap<>();
    }

    private final FakeBroker broker;
    private final Map<String, Group> groups = new TreeMap<>();
    private final Map<ApiKeys, Queue<Errors>> script = new ConcurrentHashMap<>();
    private final Map<ApiKeys, AtomicInteger> calls = new ConcurrentHashMap<>();
    private volatile int intervalMs = 500;
    private volatile ApiKeys lost;
    private volatile boolean silent;

    FakeCoordinator(FakeBroker broker) {
        this.broker = broker;
        broker.with(ApiKeys.FIND_COORDINATOR, FindCoordinatorRequestData.class, (request, c) -> find(request))
                .with(
                        ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                        ConsumerGroupHeartbeatRequestData.class,
                        (request, c) -> answer(ApiKeys.CONSUMER_GROUP_HEARTBEAT, heartbeat(request)))
                .with(
                        ApiKeys.CONSUMER_GROUP_DESCRIBE,
                        ConsumerGroupDescribeRequestData.class,
                        (request, c) -> answer(ApiKeys.CONSUMER_GROUP_DESCRIBE, describe(request)))
                .with(
                        ApiKeys.DESCRIBE_GROUPS,
                        DescribeGroupsRequestData.class,
                        (request, c) -> answer(ApiKeys.DESCRIBE_GROUPS, noClassicGroups(request)))
                .with(
                        ApiKeys.OFFSET_COMMIT,
                        OffsetCommitRequestData.class,
                        (request, c) -> answer(ApiKeys.OFFSET_COMMIT, commit(request)))
                .with(
                        ApiKeys.OFFSET_FETCH,
                        OffsetFetchRequestData.class,
                        (request, c) -> answer(ApiKeys.OFFSET_FETCH, fetch(request)))
                .with(
                        ApiKeys.LIST_GROUPS,
                        ListGroupsRequestData.class,
                        (request, c) -> answer(ApiKeys.LIST_GROUPS, list()));
    }

    /** The next calls of an API have these errors, and no effect. */
    void next(ApiKeys api, Errors... errors) {
        script.computeIfAbsent(api, a -> new ConcurrentLinkedQueue<>()).addAll(List.of(errors));
    }

    /** Forgets what is left of the script of an API. */
    void forget(ApiKeys api) {
        script.remove(api);
    }

    /** The next call of an API takes effect, and its answer is lost with the connection. */
    void loseAnswer(ApiKeys api) {
        lost = api;
    }

    /** From now on nothing is answered. */
    void fallSilent() {
        silent = true;
    }

    /** How often members are told to call. */
    public void interval(int ms) {
        intervalMs = ms;
    }

    int calls(ApiKeys api) {
        return calls.computeIfAbsent(api, a -> new AtomicInteger()).get();
    }

    public synchronized Set<String> members(String group) {
        return groups.containsKey(group) ? Set.copyOf(groups.get(group).members.keySet()) : Set.of();
    }

    synchronized int epoch(String group, String member) {
        return groups.get(group).members.get(member).epoch;
    }

    synchronized int assigned(String group, String member) {
        Member found = groups.get(group).members.get(member);
        return found == null ? -1 : found.assigned.size();
    }

    /** The committed offset, or −1. */
    public synchronized long committed(String group, String topic, int partition) {
        Group found = groups.get(group);
        return found == null ? -1 : found.offsets.getOrDefault(topic + "/" + partition, -1L);
    }

    /** Takes a member out, as when its session has lapsed. */
    public synchronized void evict(String group, String member) {
        Group found = groups.get(group);
        found.members.remove(member);
        rebalance(found);
    }

    /** Makes a new target for everyone, with a new epoch. */
    synchronized void bump(String group) {
        rebalance(groups.get(group));
    }

    private CompletionStage<ApiMessage> answer(ApiKeys api, ApiMessage message) {
        calls.computeIfAbsent(api, a -> new AtomicInteger()).incrementAndGet();
        if (silent) {
            return new CompletableFuture<>();
        }
        if (lost == api) {
            lost = null;
            return CompletableFuture.failedFuture(new IllegalStateException("scripted: answer lost"));
        }
        return CompletableFuture.completedFuture(message);
    }

    private Errors scripted(ApiKeys api) {
        Queue<Errors> errors = script.get(api);
        Errors error = errors == null ? null : errors.poll();
        return error == null ? Errors.NONE : error;
    }

    private CompletionStage<ApiMessage> find(FindCoordinatorRequestData request) {
        FindCoordinatorResponseData answer = new FindCoordinatorResponseData();
        Errors error = scripted(ApiKeys.FIND_COORDINATOR);
        for (String key : request.coordinatorKeys()) {
            answer.coordinators()
                    .add(new FindCoordinatorResponseData.Coordinator()
                            .setKey(key)
                            .setNodeId(1)
                            .setHost("127.0.0.1")
                            .setPort(broker.port())
                            .setErrorCode(error.code()));
        }
        return answer(ApiKeys.FIND_COORDINATOR, answer);
    }

    private synchronized ConsumerGroupHeartbeatResponseData heartbeat(ConsumerGroupHeartbeatRequestData request) {
        ConsumerGroupHeartbeatResponseData answer = new ConsumerGroupHeartbeatResponseData();
        Errors error = scripted(ApiKeys.CONSUMER_GROUP_HEARTBEAT);
        if (error != Errors.NONE) {
            return answer.setErrorCode(error.code());
        }
        boolean joins = request.memberEpoch() == 0;
        Group group = groups.get(request.groupId());
        Member member = group == null ? null : group.members.get(request.memberId());
        if (!joins && member == null) {
            return answer.setErrorCode(Errors.UNKNOWN_MEMBER_ID.code());
        }
        if (request.memberEpoch() == -1) {
            group.members.remove(member.id);
            rebalance(group);
            return answer.setMemberId(member.id).setMemberEpoch(-1);
        }
        if (joins
                && (request.topicPartitions() == null
                        || !request.topicPartitions().isEmpty())) {
            return answer.setErrorCode(Errors.INVALID_REQUEST.code());
        }
        group = groups.computeIfAbsent(request.groupId(), g -> new Group());
        if (member == null) {
            member = new Member(request.memberId());
            group.members.put(member.id, member);
        }
        Set<Part> owned = owned(request);
        if (!joins && request.memberEpoch() != member.epoch) {
            boolean behind = request.memberEpoch() == member.previousEpoch
                    && owned != null
                    && member.assigned.containsAll(owned);
            if (!behind) {
                return answer.setErrorCode(Errors.FENCED_MEMBER_EPOCH.code());
            }
        }
        if (subscribe(member, request)) {
            rebalance(group);
        }
        boolean changed = reconcile(group, member, joins ? Set.of() : owned);
        answer.setMemberId(member.id).setMemberEpoch(member.epoch).setHeartbeatIntervalMs(intervalMs);
        if (changed || owned != null || request.memberEpoch() != member.epoch || isRevoking(member)) {
            answer.setAssignment(assignment(member));
        }
        return answer;
    }

    private static Set<Part> owned(ConsumerGroupHeartbeatRequestData request) {
        if (request.topicPartitions() == null) {
            return null;
        }
        Set<Part> owned = new HashSet<>();
        request.topicPartitions()
                .forEach(topic -> topic.partitions().forEach(p -> owned.add(new Part(topic.topicId(), p))));
        return owned;
    }

    private static boolean subscribe(Member member, ConsumerGroupHeartbeatRequestData request) {
        boolean changed = member.epoch == 0;
        if (request.rackId() != null) {
            member.rackId = request.rackId();
        }
        if (request.subscribedTopicNames() != null
                && !request.subscribedTopicNames().equals(member.topics)) {
            member.topics = List.copyOf(request.subscribedTopicNames());
            changed = true;
        }
        if (request.subscribedTopicRegex() != null
                && !request.subscribedTopicRegex().equals(member.pattern)) {
            member.pattern = request.subscribedTopicRegex();
            changed = true;
        }
        return changed;
    }

    private boolean wants(Member member, String topic) {
        return member.topics.contains(topic) || (!member.pattern.isEmpty() && Pattern.matches(member.pattern, topic));
    }

    /** Every partition to the member with the fewest, those who have it first. */
    private void rebalance(Group group) {
        group.epoch++;
        group.members.values().forEach(member -> member.target.clear());
        for (String topic : broker.topicNames()) {
            List<Member> takers = group.members.values().stream()
                    .filter(member -> wants(member, topic))
                    .toList();
            for (int p = 0; !takers.isEmpty() && p < partitions(topic); p++) {
                Part part = new Part(broker.topicId(topic), p);
                int least = takers.stream().mapToInt(m -> m.target.size()).min().orElse(0);
                takers.stream()
                        .filter(m -> m.target.size() == least)
                        .findFirst()
                        .orElseThrow()
                        .target
                        .add(part);
            }
        }
    }

    private int partitions(String topic) {
        int count = 0;
        try {
            while (broker.log(topic, count) != null) {
                count++;
            }
        } catch (IndexOutOfBoundsException end) {
            return count;
        }
        return count;
    }

    private static boolean isRevoking(Member member) {
        return !member.target.containsAll(member.assigned);
    }

    private boolean reconcile(Group group, Member member, Set<Part> owned) {
        Set<Part> before = new HashSet<>(member.assigned);
        Set<Part> toRevoke = new HashSet<>(member.assigned);
        toRevoke.removeAll(member.target);
        if (!toRevoke.isEmpty()) {
            boolean holds = owned == null || owned.stream().anyMatch(toRevoke::contains);
            if (holds) {
                return true;
            }
            member.assigned.removeAll(toRevoke);
        }
        if (member.epoch != group.epoch) {
            member.previousEpoch = member.epoch;
            member.epoch = group.epoch;
        }
        for (Part part : member.target) {
            boolean free = group.members.values().stream()
                    .noneMatch(other -> other != member && other.assigned.contains(part));
            if (free) {
                member.assigned.add(part);
            }
        }
        return !before.equals(member.assigned);
    }

    /** What may be used: assigned, without what is to be revoked. */
    private static ConsumerGroupHeartbeatResponseData.Assignment assignment(Member member) {
        Map<Uuid, ConsumerGroupHeartbeatResponseData.TopicPartitions> topics = new TreeMap<>();
        for (Part part : member.assigned) {
            if (member.target.contains(part)) {
                topics.computeIfAbsent(
                                part.topicId(),
                                id -> new ConsumerGroupHeartbeatResponseData.TopicPartitions().setTopicId(id))
                        .partitions()
                        .add(part.partition());
            }
        }
        return new ConsumerGroupHeartbeatResponseData.Assignment().setTopicPartitions(new ArrayList<>(topics.values()));
    }

    private synchronized ConsumerGroupDescribeResponseData describe(ConsumerGroupDescribeRequestData request) {
        ConsumerGroupDescribeResponseData answer = new ConsumerGroupDescribeResponseData();
        Errors error = scripted(ApiKeys.CONSUMER_GROUP_DESCRIBE);
        for (String id : request.groupIds()) {
            ConsumerGroupDescribeResponseData.DescribedGroup told =
                    new ConsumerGroupDescribeResponseData.DescribedGroup().setGroupId(id);
            answer.groups().add(told);
            Group group = groups.get(id);
            if (error != Errors.NONE || group == null) {
                told.setErrorCode((error == Errors.NONE ? Errors.GROUP_ID_NOT_FOUND : error).code());
                continue;
            }
            told.setGroupState(group.members.isEmpty() ? "Empty" : "Stable")
                    .setGroupEpoch(group.epoch)
                    .setAssignmentEpoch(group.epoch)
                    .setAssignorName("fake");
            for (Member member : group.members.values()) {
                told.members()
                        .add(new ConsumerGroupDescribeResponseData.Member()
                                .setMemberId(member.id)
                                .setMemberEpoch(member.epoch)
                                .setRackId(member.rackId)
                                .setClientId("fake-client")
                                .setClientHost("/127.0.0.1")
                                .setSubscribedTopicNames(member.topics)
                                .setSubscribedTopicRegex(member.pattern.isEmpty() ? null : member.pattern)
                                .setAssignment(described(member.assigned))
                                .setTargetAssignment(described(member.target)));
            }
        }
        return answer;
    }

    private ConsumerGroupDescribeResponseData.Assignment described(Set<Part> parts) {
        ConsumerGroupDescribeResponseData.Assignment assignment = new ConsumerGroupDescribeResponseData.Assignment();
        for (Part part : parts) {
            assignment
                    .topicPartitions()
                    .add(new ConsumerGroupDescribeResponseData.TopicPartitions()
                            .setTopicId(part.topicId())
                            .setTopicName(nameOf(part.topicId(), ""))
                            .setPartitions(List.of(part.partition())));
        }
        return assignment;
    }

    private String nameOf(Uuid topicId, String name) {
        return !name.isEmpty()
                ? name
                : broker.topicNames().stream()
                        .filter(topic -> broker.topicId(topic).equals(topicId))
                        .findFirst()
                        .orElse("");
    }

    private synchronized OffsetCommitResponseData commit(OffsetCommitRequestData request) {
        Errors error = scripted(ApiKeys.OFFSET_COMMIT);
        Group group = groups.get(request.groupId());
        if (group == null && request.memberId().isEmpty()) {
            group = groups.computeIfAbsent(request.groupId(), g -> new Group());
        }
        Member member = group == null ? null : group.members.get(request.memberId());
        boolean nobody = request.memberId().isEmpty() && group.members.isEmpty();
        if (error == Errors.NONE && nobody) {
            error = Errors.NONE;
        } else if (error == Errors.NONE && member == null) {
            error = Errors.UNKNOWN_MEMBER_ID;
        } else if (error == Errors.NONE && member.epoch != request.generationIdOrMemberEpoch()) {
            error = Errors.STALE_MEMBER_EPOCH;
        }
        OffsetCommitResponseData answer = new OffsetCommitResponseData();
        for (OffsetCommitRequestData.OffsetCommitRequestTopic topic : request.topics()) {
            OffsetCommitResponseData.OffsetCommitResponseTopic told =
                    new OffsetCommitResponseData.OffsetCommitResponseTopic()
                            .setName(topic.name())
                            .setTopicId(topic.topicId());
            for (OffsetCommitRequestData.OffsetCommitRequestPartition partition : topic.partitions()) {
                Errors one = error == Errors.NONE && isAnothers(group, member, topic, partition.partitionIndex())
                        ? Errors.STALE_MEMBER_EPOCH
                        : error;
                if (one == Errors.NONE) {
                    group.offsets.put(
                            nameOf(topic.topicId(), topic.name()) + "/" + partition.partitionIndex(),
                            partition.committedOffset());
                }
                told.partitions()
                        .add(new OffsetCommitResponseData.OffsetCommitResponsePartition()
                                .setPartitionIndex(partition.partitionIndex())
                                .setErrorCode(one.code()));
            }
            answer.topics().add(told);
        }
        return answer;
    }

    private boolean isAnothers(
            Group group, Member member, OffsetCommitRequestData.OffsetCommitRequestTopic topic, int partition) {
        Uuid id = topic.name().isEmpty() ? topic.topicId() : broker.topicId(topic.name());
        return group.members.values().stream()
                .anyMatch(other -> other != member && other.assigned.contains(new Part(id, partition)));
    }

    private synchronized OffsetFetchResponseData fetch(OffsetFetchRequestData request) {
        OffsetFetchResponseData answer = new OffsetFetchResponseData();
        for (OffsetFetchRequestData.OffsetFetchRequestGroup asked : request.groups()) {
            OffsetFetchResponseData.OffsetFetchResponseGroup told =
                    new OffsetFetchResponseData.OffsetFetchResponseGroup().setGroupId(asked.groupId());
            answer.groups().add(told);
            Errors error = scripted(ApiKeys.OFFSET_FETCH);
            Group group = groups.getOrDefault(asked.groupId(), new Group());
            if (error == Errors.NONE && asked.memberId() != null) {
                Member member = group.members.get(asked.memberId());
                error = member == null
                        ? Errors.UNKNOWN_MEMBER_ID
                        : member.epoch == asked.memberEpoch() ? Errors.NONE : Errors.STALE_MEMBER_EPOCH;
            }
            told.setErrorCode(error.code());
            if (error == Errors.NONE) {
                fetch(group, asked, told);
            }
        }
        return answer;
    }

    private void fetch(
            Group group,
            OffsetFetchRequestData.OffsetFetchRequestGroup asked,
            OffsetFetchResponseData.OffsetFetchResponseGroup told) {
        if (asked.topics() == null) {
            group.offsets.forEach((key, offset) -> {
                String topic = key.substring(0, key.lastIndexOf('/'));
                told.topics()
                        .add(new OffsetFetchResponseData.OffsetFetchResponseTopics()
                                .setName(topic)
                                .setTopicId(broker.topicId(topic))
                                .setPartitions(List.of(new OffsetFetchResponseData.OffsetFetchResponsePartitions()
                                        .setPartitionIndex(Integer.parseInt(key.substring(key.lastIndexOf('/') + 1)))
                                        .setMetadata("")
                                        .setCommittedOffset(offset))));
            });
            return;
        }
        for (OffsetFetchRequestData.OffsetFetchRequestTopics topic : asked.topics()) {
            OffsetFetchResponseData.OffsetFetchResponseTopics one =
                    new OffsetFetchResponseData.OffsetFetchResponseTopics()
                            .setName(topic.name())
                            .setTopicId(topic.topicId());
            for (int partition : topic.partitionIndexes()) {
                one.partitions()
                        .add(new OffsetFetchResponseData.OffsetFetchResponsePartitions()
                                .setPartitionIndex(partition)
                                .setMetadata("")
                                .setCommittedOffset(group.offsets.getOrDefault(
                                        nameOf(topic.topicId(), topic.name()) + "/" + partition, -1L)));
            }
            told.topics().add(one);
        }
    }

    private static DescribeGroupsResponseData noClassicGroups(DescribeGroupsRequestData request) {
        DescribeGroupsResponseData answer = new DescribeGroupsResponseData();
        request.groups()
                .forEach(group -> answer.groups()
                        .add(new DescribeGroupsResponseData.DescribedGroup()
                                .setGroupId(group)
                                .setGroupState("Dead")
                                .setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())));
        return answer;
    }

    private synchronized ListGroupsResponseData list() {
        ListGroupsResponseData answer = new ListGroupsResponseData()
                .setErrorCode(scripted(ApiKeys.LIST_GROUPS).code());
        groups.forEach((id, group) -> answer.groups()
                .add(new ListGroupsResponseData.ListedGroup()
                        .setGroupId(id)
                        .setProtocolType("consumer")
                        .setGroupType("consumer")
                        .setGroupState(group.members.isEmpty() ? "Empty" : "Stable")));
        return answer;
    }
}
