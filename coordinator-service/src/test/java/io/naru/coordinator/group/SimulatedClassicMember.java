package io.naru.coordinator.group;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of the classic protocol as an eager client is: it gives up everything before it joins, takes what the leader gives it, and
 * joins again when it is told to. As leader it deals partitions of one topic round.
 */
final class SimulatedClassicMember {

    /** What it does at the moment. */
    enum Doing {
        /** Not in the group, and about to join. */
        OUTSIDE,
        JOINING,
        SYNCING,
        READING,
        /** Gone for good: another process has its name. */
        DEAD
    }

    static final int SESSION_MS = 10_000;
    static final int REBALANCE_MS = 20_000;

    final int number;
    final @Nullable String instanceId;
    String memberId = "";
    int generation = -1;
    Doing doing = Doing.OUTSIDE;
    /** Partitions it reads, with its positions. */
    final SortedMap<Integer, Long> held = new TreeMap<>();

    long frozenUntilMs;
    long nextHeartbeatMs;
    long askedAtMs;
    private Reply<JoinGroupResponseData> joining = new Reply<>();
    private Reply<SyncGroupResponseData> syncing = new Reply<>();
    private boolean saysMore;

    SimulatedClassicMember(int number) {
        this.number = number;
        this.instanceId = number % 3 == 0 ? "instance-" + number : null;
    }

    /** The process is started anew and knows nothing. */
    void restart() {
        memberId = "";
        frozenUntilMs = 0;
        outside();
    }

    void outside() {
        generation = -1;
        held.clear();
        doing = Doing.OUTSIDE;
    }

    /** It subscribes to something else from now on, and joins to say so. */
    void changeSubscription() {
        saysMore = !saysMore;
        if (doing == Doing.READING) {
            outside();
        }
    }

    JoinGroupRequestData join(Reply<JoinGroupResponseData> reply) {
        joining = reply;
        held.clear();
        doing = Doing.JOINING;
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(GroupFixture.GROUP)
                .setMemberId(memberId)
                .setGroupInstanceId(instanceId)
                .setProtocolType("consumer")
                .setSessionTimeoutMs(SESSION_MS)
                .setRebalanceTimeoutMs(REBALANCE_MS);
        byte[] subscription = saysMore ? ClassicFixture.subscription("t", "more") : ClassicFixture.subscription("t");
        request.protocols().add(new JoinGroupRequestProtocol().setName("range").setMetadata(subscription));
        return request;
    }

    @Nullable
    JoinGroupResponseData joined() {
        return joining.waits() ? null : joining.get();
    }

    SyncGroupRequestData sync(JoinGroupResponseData joined, int partitions, Reply<SyncGroupResponseData> reply) {
        syncing = reply;
        memberId = joined.memberId();
        generation = joined.generationId();
        doing = Doing.SYNCING;
        boolean assigns = joined.leader().equals(memberId) && !joined.skipAssignment();
        return new SyncGroupRequestData()
                .setGroupId(GroupFixture.GROUP)
                .setMemberId(memberId)
                .setGroupInstanceId(instanceId)
                .setGenerationId(generation)
                .setAssignments(assigns ? deal(joined, partitions) : List.of());
    }

    private static List<SyncGroupRequestAssignment> deal(JoinGroupResponseData joined, int partitions) {
        Map<String, List<String>> dealt = new LinkedHashMap<>();
        List<String> members = joined.members().stream().map(m -> m.memberId()).toList();
        members.forEach(member -> dealt.put(member, new ArrayList<>()));
        for (int i = 0; i < partitions; i++) {
            dealt.get(members.get(i % members.size())).add(String.valueOf(i));
        }
        return dealt.entrySet().stream()
                .map(each -> new SyncGroupRequestAssignment()
                        .setMemberId(each.getKey())
                        .setAssignment(String.join(",", each.getValue()).getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    @Nullable
    SyncGroupResponseData synced() {
        return syncing.waits() ? null : syncing.get();
    }

    /** Reads on from where the group has committed. */
    void read(SyncGroupResponseData synced, GroupFixture world) {
        doing = Doing.READING;
        String assignment = new String(synced.assignment(), StandardCharsets.UTF_8);
        Arrays.stream(assignment.split(","))
                .filter(each -> !each.isEmpty())
                .map(Integer::parseInt)
                .forEach(partition -> held.put(partition, Math.max(0, world.committed("t", partition))));
    }

    HeartbeatRequestData heartbeat() {
        return new HeartbeatRequestData()
                .setGroupId(GroupFixture.GROUP)
                .setMemberId(memberId)
                .setGroupInstanceId(instanceId)
                .setGenerationId(generation);
    }

    void refused(Errors error) {
        switch (error) {
            case MEMBER_ID_REQUIRED -> throw new AssertionError("not a refusal");
            case UNKNOWN_MEMBER_ID -> {
                memberId = "";
                outside();
            }
            case ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS -> outside();
            case FENCED_INSTANCE_ID -> {
                held.clear();
                doing = Doing.DEAD;
            }
            default -> throw new AssertionError("unexpected " + error);
        }
    }
}
