package io.naru.gateway.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.group.PollClient.Poll;
import io.naru.gateway.group.PollClient.Polled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several members, several gateways: who has which partition, for how long, and who may go on for whom. */
@Timeout(60)
class MembershipIT {

    private static final int LEASE_MS = 1_000;
    private static final int MEMBERS_MAX = 400;

    private static GroupWorld world;

    private final String group = GroupWorld.group();
    private final PollClient client = world.client(0, group);
    private final PollClient elsewhere = world.client(1, group);

    @BeforeAll
    static void start() {
        world = new GroupWorld(
                2,
                "--naru.gateway.group.revoke-grace=4s",
                "--naru.gateway.group.members-max=" + MEMBERS_MAX,
                "--naru.gateway.cursor-secret=the same on all gateways");
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    private static Poll poll() {
        return new Poll();
    }

    private int held(Polled member) {
        return world.coordinator().assigned(group, member.member());
    }

    @Test
    void silentMemberIsTakenOutWhenItsLeaseLapses() {
        String topic = world.topic(1);
        world.write(topic, 0, "a");
        Polled first = client.poll(poll().topics(topic).earliest().with("session_timeout_ms", LEASE_MS))
                .ok();
        long silentSince = System.nanoTime();
        GroupWorld.eventually(() -> world.coordinator().members(group).isEmpty());
        assertThat(Duration.ofNanos(System.nanoTime() - silentSince))
                .isBetween(Duration.ofMillis(LEASE_MS - 100), Duration.ofMillis(LEASE_MS + 2_000));
        assertThat(client.poll(poll().cursor(first))
                        .failed(40901)
                        .json()
                        .required("detail")
                        .asString())
                .contains("1000 ms", "session_timeout_ms", "poll without member");
        assertThat(client.poll(poll().topics(topic).earliest()).ok().values()).containsExactly("a");
    }

    @Test
    void memberThatWaitsIsNotSilent() throws Exception {
        String topic = world.topic(1);
        Polled first = client.poll(poll().topics(topic)
                        .earliest()
                        .with("session_timeout_ms", LEASE_MS)
                        .waitMs(0))
                .ok();
        CompletableFuture<Polled> waiting = client.later(poll().cursor(first).waitMs(3 * LEASE_MS));
        assertThat(waiting.get(20, TimeUnit.SECONDS).ok().values()).isEmpty();
        assertThat(world.coordinator().members(group)).containsExactly(first.member());
    }

    @Test
    void acknowledgingKeepsTheLease() {
        String topic = world.topic(1);
        world.write(topic, 0, "a");
        Polled first = client.poll(poll().topics(topic).earliest().with("session_timeout_ms", LEASE_MS))
                .ok();
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * LEASE_MS);
        while (System.nanoTime() - until < 0) {
            client.ack(first.cursor()).ok();
        }
        assertThat(world.coordinator().members(group)).containsExactly(first.member());
    }

    @Test
    void partitionsAreSharedAndNothingIsSkippedOrRepeatedOnceAcknowledged() {
        String topic = world.topic(4);
        for (int p = 0; p < 4; p++) {
            world.write(topic, p, p + "-a", p + "-b", p + "-c");
        }
        List<String> seen = new ArrayList<>();
        Polled one = client.poll(poll().topics(topic).earliest().records(2)).ok();
        seen.addAll(one.values());
        one = client.poll(poll().ack(one).records(1)).ok();
        seen.addAll(one.values());
        client.ack(one.cursor()).ok();
        Polled two = client.poll(poll().topics(topic).earliest().waitMs(10_000).records(1))
                .ok();
        seen.addAll(two.values());
        assertThat(two.assignment()).hasSize(2);
        Polled told = client.poll(poll().cursor(one).records(1)).ok();
        assertThat(told.assignment()).hasSize(2).doesNotContainAnyElementsOf(two.assignment());
        assertThat(told.rebalance("revoked")).containsExactlyInAnyOrderElementsOf(two.assignment());
        assertThat(told.rebalance("assigned")).isEmpty();
        seen.addAll(told.values());
        while (seen.size() < 12) {
            told = client.poll(poll().ack(told).records(1).waitMs(0)).ok();
            two = client.poll(poll().ack(two).records(1).waitMs(0)).ok();
            seen.addAll(told.values());
            seen.addAll(two.values());
        }
        assertThat(seen).doesNotHaveDuplicates();
    }

    @Test
    void clientIsToldWhatTheGroupWantsBackAndMayAcknowledgeIt() throws Exception {
        String topic = world.topic(2);
        world.write(topic, 0, "a");
        world.write(topic, 1, "b");
        Polled one = client.poll(poll().topics(topic).earliest()).ok();
        CompletableFuture<Polled> waiting = client.later(poll().cursor(one).waitMs(20_000));
        GroupWorld.eventually(() -> held(one) == 2);
        CompletableFuture<Polled> two =
                client.later(poll().topics(topic).earliest().waitMs(20_000));
        // The long poll ends early to say so.
        Polled told = waiting.get(10, TimeUnit.SECONDS).ok();
        assertThat(told.values()).isEmpty();
        assertThat(told.rebalance("revoking")).hasSize(1);
        assertThat(told.assignment()).hasSize(1);
        assertThat(two).isNotDone();
        client.ack(one.cursor()).ok();
        int moved = told.rebalance("revoking").get(0);
        assertThat(world.coordinator().committed(group, topic, moved)).isEqualTo(1);
        world.write(topic, moved, "c");
        Polled got = two.get(10, TimeUnit.SECONDS).ok();
        assertThat(got.values()).containsExactly("c");
    }

    @Test
    void clientThatComesAgainWithoutAcknowledgingLosesThePartition() throws Exception {
        String topic = world.topic(2);
        world.write(topic, 0, "a");
        world.write(topic, 1, "b");
        Polled one = client.poll(poll().topics(topic).earliest()).ok();
        CompletableFuture<Polled> two =
                client.later(poll().topics(topic).earliest().waitMs(20_000));
        Polled told = one;
        while (told.rebalance("revoking").isEmpty()) {
            told = client.poll(poll().cursor(one).waitMs(200)).ok();
        }
        int moved = told.rebalance("revoking").get(0);
        Polled after = client.poll(poll().cursor(told).waitMs(0)).ok();
        assertThat(after.rebalance("revoked")).containsExactly(moved);
        // Its next owner reads it again.
        assertThat(two.get(10, TimeUnit.SECONDS).ok().values()).containsExactly(moved == 0 ? "a" : "b");
        Polled acked = client.ack(one.cursor()).ok();
        assertThat(acked.listed("not_committed")).containsExactly(moved);
        assertThat(acked.listed("committed")).containsExactly(1 - moved);
        assertThat(world.coordinator().committed(group, topic, moved)).isEqualTo(-1);
    }

    /** Who was told that its acknowledgement came too late may be the next owner itself, and go on from the same cursor. */
    @Test
    void whatCouldNotBeAcknowledgedIsReadAgain() throws Exception {
        String topic = world.topic(2);
        world.write(topic, 0, "a");
        world.write(topic, 1, "b");
        Polled one = client.poll(poll().topics(topic).earliest()).ok();
        int given = one.values().size();
        while (given < 2) {
            one = client.poll(poll().cursor(one)).ok();
            given += one.values().size();
        }
        Polled owner = one;
        CompletableFuture<Polled> two =
                client.later(poll().topics(topic).earliest().waitMs(20_000));
        Polled told = owner;
        while (told.rebalance("revoking").isEmpty()) {
            told = client.poll(poll().cursor(owner).waitMs(200)).ok();
        }
        int moved = told.rebalance("revoking").get(0);
        client.poll(poll().cursor(told).waitMs(0)).ok();
        Polled other = two.get(10, TimeUnit.SECONDS).ok();
        assertThat(other.values()).containsExactly(moved == 0 ? "a" : "b");
        assertThat(client.ack(told.cursor()).ok().listed("not_committed")).containsExactly(moved);
        client.leave(other.member());
        GroupWorld.eventually(() -> held(owner) == 2);
        Polled again = client.poll(poll().cursor(told).waitMs(10_000)).ok();
        assertThat(again.values()).containsExactly(moved == 0 ? "a" : "b");
    }

    @Test
    void silentClientLosesThePartitionAfterTheGrace() throws Exception {
        String topic = world.topic(2);
        world.write(topic, 0, "a");
        world.write(topic, 1, "b");
        client.poll(poll().topics(topic).earliest()).ok();
        long began = System.nanoTime();
        Polled two = client.poll(poll().topics(topic).earliest().waitMs(20_000)).ok();
        assertThat(two.values()).hasSize(1);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(3_800), Duration.ofMillis(12_000));
    }

    @Test
    void whoLeavesLeavesTheRestToTheOthers() throws Exception {
        String topic = world.topic(2);
        Polled one = client.poll(poll().topics(topic).earliest().waitMs(0)).ok();
        Polled two = client.poll(poll().topics(topic).earliest().waitMs(0)).ok();
        GroupWorld.eventually(() -> held(one) == 1 && held(two) == 1);
        CompletableFuture<Polled> waiting = client.later(poll().cursor(two).waitMs(20_000));
        client.leave(one.member());
        GroupWorld.eventually(() -> held(two) == 2);
        for (int p = 0; p < 2; p++) {
            world.write(topic, p, "p" + p);
        }
        Set<String> seen = new HashSet<>();
        Polled next = waiting.get(10, TimeUnit.SECONDS).ok();
        seen.addAll(next.values());
        while (seen.size() < 2) {
            next = client.poll(poll().ack(next)).ok();
            seen.addAll(next.values());
        }
        assertThat(next.assignment()).containsExactly(0, 1);
    }

    @Test
    void anotherGatewayGoesOnFromTheCursor() {
        String topic = world.topic(2);
        world.write(topic, 0, "a", "b", "c");
        Polled one = client.poll(poll().topics(topic).earliest().records(1)).ok();
        Polled two = elsewhere.poll(poll().cursor(one).records(1)).ok();
        assertThat(two.member()).isEqualTo(one.member());
        assertThat(two.values()).containsExactly("b");
        assertThat(two.json().has("rebalance")).isFalse();
        Polled three = client.poll(poll().ack(two)).ok();
        assertThat(three.values()).containsExactly("c");
        elsewhere.ack(three.cursor()).ok();
        assertThat(world.coordinator().committed(group, topic, 0)).isEqualTo(3);
        assertThat(world.coordinator().members(group)).containsExactly(one.member());
    }

    @Test
    void ackOfAnOlderCursorTakesNothingBackThatAnotherGatewayHasCommitted() {
        String topic = world.topic(1);
        world.write(topic, 0, "a", "b");
        Polled one = client.poll(poll().topics(topic).earliest().records(1)).ok();
        Polled two = client.poll(poll().cursor(one).records(1)).ok();
        elsewhere.ack(two.cursor()).ok();
        assertThat(world.coordinator().committed(group, topic, 0)).isEqualTo(2);
        client.ack(one.cursor()).ok();
        assertThat(world.coordinator().committed(group, topic, 0)).isEqualTo(2);
    }

    @Test
    void anotherGatewayGoesOnForAMemberByName() {
        String topic = world.topic(1);
        world.write(topic, 0, "a", "b");
        Polled one = client.poll(poll().topics(topic).earliest().records(1)).ok();
        client.ack(one.cursor()).ok();
        Polled two = elsewhere.poll(poll().with("member", one.member())).ok();
        assertThat(two.values()).containsExactly("b");
        assertThat(two.assignment()).containsExactly(0);
    }

    @Test
    void anotherGatewayTakesItsPlaceForGood() {
        String topic = world.topic(1);
        world.write(topic, 0, "a", "b");
        Polled one = client.poll(poll().topics(topic).earliest().records(1).with("session_timeout_ms", LEASE_MS))
                .ok();
        Polled two = elsewhere
                .poll(poll().cursor(one).with("session_timeout_ms", 20_000))
                .ok();
        // The lease on the first gateway lapses; the member is the second one's by now.
        GroupWorld.eventually(() -> world.coordinator().calls(ApiKeys.CONSUMER_GROUP_DESCRIBE) > 0);
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEASE_MS + 500);
        while (System.nanoTime() - until < 0) {
            assertThat(elsewhere.ack(two.cursor()).ok().listed("committed")).containsExactly(0);
        }
        assertThat(world.coordinator().members(group)).containsExactly(one.member());
        // And back.
        world.write(topic, 0, "c");
        assertThat(client.poll(poll().cursor(two)).ok().values()).containsExactly("c");
    }

    @Test
    void memberThatMovedOnElsewhereIsCaughtUpWith() {
        String topic = world.topic(2);
        world.write(topic, 0, "a", "b");
        Polled one = client.poll(poll().topics(topic).earliest().records(1)).ok();
        Polled two = elsewhere.poll(poll().cursor(one).records(1)).ok();
        int before = world.coordinator().epoch(group, one.member());
        // Two epochs further, so that whoever comes late is fenced.
        for (int i = 1; i <= 2; i++) {
            world.coordinator().bump(group);
            int wanted = before + i;
            GroupWorld.eventually(() -> world.coordinator().epoch(group, one.member()) >= wanted);
        }
        world.write(topic, 1, "c");
        // Somebody else may have had the partitions meanwhile, so what was not acknowledged comes again.
        Polled three = elsewhere.poll(poll().cursor(two)).ok();
        assertThat(three.values()).containsExactly("a", "b", "c");
        Polled four = client.poll(poll().ack(three).waitMs(0)).ok();
        assertThat(four.member()).isEqualTo(one.member());
        assertThat(world.coordinator().committed(group, topic, 1)).isEqualTo(1);
    }

    /** A partition that comes late comes in the epoch that the member has already, and the coordinator says so only once, to one gateway. */
    @Test
    void partitionThatOneGatewayWasToldOfIsServedByTheOther() {
        String topic = world.topic(2);
        world.write(topic, 0, "a");
        world.write(topic, 1, "b");
        Polled one = client.poll(poll().topics(topic).earliest()).ok();
        int given = one.values().size();
        while (given < 2) {
            one = client.poll(poll().cursor(one)).ok();
            given += one.values().size();
        }
        String early = one.member();
        Polled two = client.poll(poll().topics(topic).earliest().waitMs(0)).ok();
        two = elsewhere.poll(poll().cursor(two).waitMs(0)).ok();
        String late = two.member();
        GroupWorld.eventually(() ->
                world.coordinator().epoch(group, late) > world.coordinator().epoch(group, early));
        // Both gateways know the epoch by now.
        two = client.poll(poll().cursor(two).waitMs(400)).ok();
        two = elsewhere.poll(poll().cursor(two).waitMs(400)).ok();
        assertThat(two.assignment()).isEmpty();
        Polled told = client.poll(poll().ack(one).waitMs(0)).ok();
        while (told.assignment().size() > 1) {
            told = client.poll(poll().ack(told).waitMs(0)).ok();
        }
        GroupWorld.eventually(() -> world.coordinator().assigned(group, late) == 1);
        int moved = 1 - told.assignment().get(0);
        world.write(topic, moved, "c", "d");
        Polled here = client.poll(poll().cursor(two).waitMs(5_000).records(1)).ok();
        assertThat(here.values()).containsExactly("c");
        Polled there = elsewhere.poll(poll().ack(two).waitMs(5_000).records(1)).ok();
        assertThat(there.values()).containsExactly("c");
    }

    @Test
    void fencedMemberFindsItsPlaceAgain() {
        String topic = world.topic(1);
        world.write(topic, 0, "a", "b");
        Polled one = client.poll(poll().topics(topic).earliest().records(1)).ok();
        int beats = world.coordinator().calls(ApiKeys.CONSUMER_GROUP_HEARTBEAT);
        CompletableFuture<Polled> waiting =
                client.later(poll().cursor(client.poll(poll().cursor(one)).ok()).waitMs(20_000));
        world.coordinator().next(ApiKeys.CONSUMER_GROUP_HEARTBEAT, Errors.FENCED_MEMBER_EPOCH);
        GroupWorld.eventually(() -> world.coordinator().calls(ApiKeys.CONSUMER_GROUP_HEARTBEAT) > beats + 2);
        world.write(topic, 0, "c");
        assertThat(waiting.join().ok().values()).containsExactly("c");
        assertThat(world.coordinator().members(group)).containsExactly(one.member());
    }

    @Test
    void memberWithoutAPartitionWaitsAndSaysSo() {
        String topic = world.topic(1);
        Polled one = client.poll(poll().topics(topic).earliest().waitMs(0)).ok();
        Polled two = client.poll(poll().topics(topic).earliest().waitMs(0)).ok();
        // The coordinator in memory serves members in the order of their ids.
        boolean inOrder = one.member().compareTo(two.member()) < 0;
        Polled served = inOrder ? one : two;
        GroupWorld.eventually(() -> held(served) == 1);
        Polled idle =
                client.poll(poll().cursor(inOrder ? two : one).waitMs(300)).ok();
        assertThat(idle.state()).isEqualTo("joining");
        assertThat(idle.assignment()).isEmpty();
        assertThat(idle.values()).isEmpty();
    }

    @Test
    void membersAreLimited() {
        String topic = world.topic(1);
        List<Polled> all = new ArrayList<>();
        Polled refused = null;
        for (int i = 0; i <= MEMBERS_MAX && refused == null; i++) {
            Polled one = client.poll(poll().topics(topic).waitMs(0).with("session_timeout_ms", 20_000));
            if (one.status() == 200) {
                all.add(one);
            } else {
                refused = one;
            }
        }
        assertThat(refused).isNotNull();
        refused.failed(50303);
        assertThat(refused.json().required("detail").asString()).contains("members-max");
        assertThat(refused.raw().headers().firstValue("Retry-After")).isPresent();
        all.forEach(one -> client.leave(one.member()));
    }

    @Test
    void membersThatWaitHaveNoThreadEach() {
        String topic = world.topic(1);
        int before = Thread.activeCount();
        int begun = world.coordinator().calls(ApiKeys.OFFSET_COMMIT);
        List<CompletableFuture<Polled>> waiting = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            PollClient one = world.client(0, GroupWorld.group());
            waiting.add(one.later(poll().topics(topic).waitMs(20_000)));
        }
        // All have found the end, and wait there together: one poll of the broker, and at most a few for latecomers.
        GroupWorld.eventually(() -> world.coordinator().calls(ApiKeys.OFFSET_COMMIT) >= begun + 200);
        // The containers' and the test client's pools may still grow, to bounds of their own.
        assertThat(Thread.activeCount() - before).isLessThan(100);
        world.write(topic, 0, "to all");
        for (CompletableFuture<Polled> one : waiting) {
            assertThat(one.join().ok().values()).containsExactly("to all");
        }
    }
}
