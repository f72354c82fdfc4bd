package io.naru.coordinator.group;

import io.naru.coordinator.group.state.ConsumerGroupMember;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.record.PartitionId;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A consumer as the protocol means it: it holds what it was given until it has given it up, takes what it is told, joins again when it
 * is fenced, and says everything again after a failure. It reads the partitions it holds and commits where it is.
 */
final class SimulatedConsumer {

    final int number;
    final @Nullable String instanceId;
    String memberId;
    int epoch;
    /** Partitions it holds, with the position it has read to. */
    final SortedMap<PartitionId, Long> held = new TreeMap<>();

    private @Nullable SortedSet<PartitionId> target;
    private boolean tellEverything = true;
    private boolean heldChanged;
    private List<String> topics;
    private @Nullable String regex;
    private String assignor;
    boolean alive = true;
    /** Frozen until then: neither calls nor notices anything. */
    long frozenUntilMs;

    long nextHeartbeatMs;
    private int incarnation;

    SimulatedConsumer(int number, RandomGenerator random) {
        this.number = number;
        this.instanceId = number % 3 == 0 ? "instance-" + number : null;
        this.memberId = "member-" + number + "-0";
        this.topics = List.of("t0");
        this.assignor = "uniform";
        chooseSubscription(random);
    }

    void chooseSubscription(RandomGenerator random) {
        switch (random.nextInt(4)) {
            case 0 -> {
                topics = List.of("t0", "t1");
                regex = "";
            }
            case 1 -> {
                topics = List.of();
                regex = "t.*";
            }
            default -> {
                topics = List.of("t0", "t1", "t2");
                regex = "";
            }
        }
        assignor = random.nextInt(3) == 0 ? "range" : "uniform";
        tellEverything = true;
    }

    /** The process is started anew: it has forgotten everything but its instance id. */
    void restart() {
        incarnation++;
        memberId = "member-" + number + "-" + incarnation;
        alive = true;
        frozenUntilMs = 0;
        rejoin();
    }

    private void rejoin() {
        epoch = 0;
        held.clear();
        target = null;
        tellEverything = true;
    }

    /** Gives up what the target does not have, some of it or all, as an application does that finishes work first. */
    void revokeSome(RandomGenerator random) {
        if (target != null) {
            for (PartitionId partition : List.copyOf(held.keySet())) {
                if (!target.contains(partition) && random.nextInt(3) > 0) {
                    held.remove(partition);
                    heldChanged = true;
                }
            }
        }
    }

    ConsumerGroupHeartbeatRequestData heartbeat() {
        ConsumerGroupHeartbeatRequestData request = new ConsumerGroupHeartbeatRequestData()
                .setGroupId(GroupFixture.GROUP)
                .setMemberId(memberId)
                .setInstanceId(instanceId)
                .setMemberEpoch(epoch);
        if (epoch == 0 || tellEverything) {
            request.setRebalanceTimeoutMs(30_000)
                    .setSubscribedTopicNames(topics)
                    .setSubscribedTopicRegex(regex)
                    .setServerAssignor(assignor);
        }
        if (epoch == 0 || tellEverything || heldChanged) {
            request.setTopicPartitions(GroupFixture.toRequest(held.keySet()));
        }
        return request;
    }

    ConsumerGroupHeartbeatRequestData leave() {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(GroupFixture.GROUP)
                .setMemberId(memberId)
                .setInstanceId(instanceId)
                .setMemberEpoch(
                        instanceId == null ? ConsumerGroupMember.LEAVE_EPOCH : ConsumerGroupMember.LEAVE_STATIC_EPOCH);
    }

    /** The answer is lost: what was said may not have arrived. */
    void answerLost() {
        tellEverything = true;
    }

    void refused(Errors error) {
        switch (error) {
            case UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH -> rejoin();
            case UNRELEASED_INSTANCE_ID -> {
                // Tries again until the other one is gone.
            }
            case FENCED_INSTANCE_ID -> {
                held.clear();
                alive = false;
            }
            default -> throw new AssertionError("unexpected " + error);
        }
    }

    /** Takes an answer in; new partitions are read from where the group has committed. */
    void answered(ConsumerGroupHeartbeatResponseData response, GroupFixture world) {
        epoch = response.memberEpoch();
        tellEverything = false;
        heldChanged = false;
        if (response.assignment() != null) {
            target = new TreeSet<>(GroupFixture.assignment(response));
        }
        // As in the Java client: new partitions are taken only after the old ones were given up.
        if (target != null && target.containsAll(held.keySet())) {
            for (PartitionId partition : target) {
                held.computeIfAbsent(partition, p -> Math.max(0, world.committed(name(p, world), p.partition())));
            }
        }
    }

    static String name(PartitionId partition, GroupFixture world) {
        return world.topics.values().stream()
                .filter(topic -> topic.id().equals(partition.topicId()))
                .map(TopicCatalog.Topic::name)
                .findFirst()
                .orElse("gone");
    }

    boolean wantsOtherPartitions() {
        return target != null && !target.equals(held.keySet());
    }
}
