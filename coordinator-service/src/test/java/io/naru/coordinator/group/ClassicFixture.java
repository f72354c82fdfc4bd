package io.naru.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.Client;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** Classic members at work on a {@link GroupFixture}. */
final class ClassicFixture {

    static final String GROUP = GroupFixture.GROUP;
    static final short V3 = 3;
    static final short V9 = 9;
    static final int SESSION_MS = 10_000;
    static final int REBALANCE_MS = 60_000;
    static final int INITIAL_DELAY_MS = 3_000;

    final GroupFixture world = GroupFixture.withTopic("orders", 4);

    /** A request to join in version 9; change it before sending. */
    static JoinGroupRequestData joinRequest(String memberId, String... protocols) {
        JoinGroupRequestProtocolCollection collection = new JoinGroupRequestProtocolCollection();
        for (String protocol : protocols) {
            collection.add(new JoinGroupRequestProtocol().setName(protocol).setMetadata(subscription("orders")));
        }
        return new JoinGroupRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setProtocolType("consumer")
                .setSessionTimeoutMs(SESSION_MS)
                .setRebalanceTimeoutMs(REBALANCE_MS)
                .setProtocols(collection);
    }

    static byte[] subscription(String... topics) {
        return MessageUtil.toVersionPrefixedBytes(
                (short) 3, new ConsumerProtocolSubscription().setTopics(List.of(topics)));
    }

    Reply<JoinGroupResponseData> send(JoinGroupRequestData request, short version) {
        Reply<JoinGroupResponseData> reply = new Reply<>();
        world.take(world.shard.join(request, version, new Client("client", "/127.0.0.1"), reply, world.nowMs));
        return reply;
    }

    Reply<JoinGroupResponseData> send(JoinGroupRequestData request) {
        return send(request, V9);
    }

    /** Joins as clients of today do: gets an id, and joins with it. */
    Reply<JoinGroupResponseData> join(String... protocols) {
        JoinGroupResponseData idGiven = send(joinRequest("", protocols)).get();
        assertThat(Errors.forCode(idGiven.errorCode())).isEqualTo(Errors.MEMBER_ID_REQUIRED);
        return send(joinRequest(idGiven.memberId(), protocols));
    }

    Reply<JoinGroupResponseData> joinStatic(String instanceId, String memberId, short version) {
        return send(joinRequest(memberId, "range").setGroupInstanceId(instanceId), version);
    }

    /** Joins again, under the id it has. */
    Reply<JoinGroupResponseData> rejoin(String memberId, String... protocols) {
        return send(joinRequest(memberId, protocols));
    }

    Reply<SyncGroupResponseData> sync(JoinGroupResponseData joined, Map<String, String> assignments) {
        return sync(new SyncGroupRequestData()
                .setGroupId(GROUP)
                .setMemberId(joined.memberId())
                .setGenerationId(joined.generationId())
                .setProtocolType("consumer")
                .setProtocolName(joined.protocolName())
                .setAssignments(assignments.entrySet().stream()
                        .map(each -> new SyncGroupRequestAssignment()
                                .setMemberId(each.getKey())
                                .setAssignment(each.getValue().getBytes(StandardCharsets.UTF_8)))
                        .toList()));
    }

    Reply<SyncGroupResponseData> sync(SyncGroupRequestData request) {
        Reply<SyncGroupResponseData> reply = new Reply<>();
        world.take(world.shard.sync(request, reply, world.nowMs));
        return reply;
    }

    Errors beat(String memberId, int generation, @Nullable String instanceId) {
        return Errors.forCode(world.take(world.shard.classicHeartbeat(
                        new HeartbeatRequestData()
                                .setGroupId(GROUP)
                                .setMemberId(memberId)
                                .setGenerationId(generation)
                                .setGroupInstanceId(instanceId),
                        world.nowMs))
                .errorCode());
    }

    Errors beat(String memberId, int generation) {
        return beat(memberId, generation, null);
    }

    List<Errors> leave(MemberIdentity... members) {
        return world
                .take(world.shard.leave(
                        new LeaveGroupRequestData().setGroupId(GROUP).setMembers(List.of(members)), false, world.nowMs))
                .members()
                .stream()
                .map(member -> Errors.forCode(member.errorCode()))
                .toList();
    }

    Errors leave(String memberId) {
        return leave(new MemberIdentity().setMemberId(memberId)).get(0);
    }

    /** A stable group of that many members, each with its own number as its assignment; the leader comes first. */
    List<JoinGroupResponseData> stable(int members) {
        List<Reply<JoinGroupResponseData>> joining = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            joining.add(join("range"));
        }
        tick(2 * INITIAL_DELAY_MS);
        List<JoinGroupResponseData> joined = joining.stream().map(Reply::get).toList();
        syncAll(joined);
        return joined;
    }

    /** All ask for their assignment, the leader last: numbers in the order of the answers to their joins. */
    List<Reply<SyncGroupResponseData>> syncAll(List<JoinGroupResponseData> joined) {
        Map<String, String> assignments = new LinkedHashMap<>();
        for (int i = 0; i < joined.size(); i++) {
            assignments.put(joined.get(i).memberId(), String.valueOf(i));
        }
        List<Reply<SyncGroupResponseData>> synced = new ArrayList<>();
        joined.stream()
                .filter(answer -> !answer.memberId().equals(answer.leader()))
                .forEach(follower -> synced.add(sync(follower, Map.of())));
        joined.stream()
                .filter(answer -> answer.memberId().equals(answer.leader()))
                .forEach(leader -> synced.add(sync(leader, assignments)));
        return synced;
    }

    static String assignment(Reply<SyncGroupResponseData> reply) {
        assertThat(Errors.forCode(reply.get().errorCode())).isEqualTo(Errors.NONE);
        return new String(reply.get().assignment(), StandardCharsets.UTF_8);
    }

    /** Time passes in small steps, as it does. */
    void tick(long ms) {
        for (long passed = 0; passed < ms; passed += 500) {
            world.tick(Math.min(500, ms - passed));
        }
    }

    /** Time passes while these send heartbeats. */
    void tickAlive(long ms, Stream<JoinGroupResponseData> alive) {
        List<JoinGroupResponseData> members = alive.toList();
        for (long passed = 0; passed < ms; passed += 3_000) {
            members.forEach(member -> beat(member.memberId(), member.generationId()));
            world.tick(Math.min(3_000, ms - passed));
        }
    }

    ClassicGroup group() {
        return world.shard.classicGroup(GROUP).orElseThrow();
    }

    static Errors error(Reply<JoinGroupResponseData> reply) {
        return Errors.forCode(reply.get().errorCode());
    }

    static Errors syncError(Reply<SyncGroupResponseData> reply) {
        return Errors.forCode(reply.get().errorCode());
    }

    static void assertRefused(Errors error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .satisfies(e -> assertThat(Errors.forException(e)).isEqualTo(error));
    }
}
