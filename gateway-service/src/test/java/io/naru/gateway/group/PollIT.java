package io.naru.gateway.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.group.PollClient.Poll;
import io.naru.gateway.group.PollClient.Polled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One member at a time: what a poll returns, and what cursors and acknowledgements mean. */
@Timeout(60)
class PollIT {

    private static GroupWorld world;

    private final String group = GroupWorld.group();
    private final PollClient client = world.client(0, group);

    @BeforeAll
    static void start() {
        world = new GroupWorld(1, "--naru.gateway.group.revoke-grace=300ms");
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    private static Poll poll() {
        return new Poll();
    }

    @Test
    void firstPollJoinsAndReturnsRecords() {
        String topic = world.topic(2);
        world.write(topic, 0, "a");
        world.write(topic, 1, "b");
        Polled first = client.poll(poll().topics(topic).earliest()).ok();
        assertThat(first.values()).containsExactlyInAnyOrder("a", "b");
        assertThat(first.assignment()).containsExactly(0, 1);
        assertThat(first.state()).isEqualTo("caught_up");
        assertThat(first.json().has("rebalance")).isFalse();
        assertThat(world.coordinator().members(group)).containsExactly(first.member());
    }

    @Test
    void firstPollOutwaitsACoordinatorThatIsNotReady() {
        String topic = world.topic(1);
        world.write(topic, 0, "a");
        world.coordinator()
                .next(ApiKeys.FIND_COORDINATOR, Errors.COORDINATOR_NOT_AVAILABLE, Errors.COORDINATOR_NOT_AVAILABLE);
        world.coordinator()
                .next(
                        ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                        Errors.NOT_COORDINATOR,
                        Errors.COORDINATOR_LOAD_IN_PROGRESS,
                        Errors.COORDINATOR_NOT_AVAILABLE);
        world.coordinator().next(ApiKeys.OFFSET_FETCH, Errors.NOT_COORDINATOR, Errors.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(client.poll(poll().topics(topic).earliest()).ok().values()).containsExactly("a");
    }

    @Test
    void joinWhoseAnswerIsLostIsRepeatedAsTheSameMember() {
        String topic = world.topic(1);
        world.write(topic, 0, "a");
        world.coordinator().loseAnswer(ApiKeys.CONSUMER_GROUP_HEARTBEAT);
        Polled first = client.poll(poll().topics(topic).earliest()).ok();
        assertThat(first.values()).containsExactly("a");
        assertThat(world.coordinator().members(group)).containsExactly(first.member());
    }

    @Test
    void coordinatorThatStaysAwayIsSaid() {
        String topic = world.topic(1);
        Errors[] away = new Errors[60];
        java.util.Arrays.fill(away, Errors.COORDINATOR_LOAD_IN_PROGRESS);
        world.coordinator().next(ApiKeys.CONSUMER_GROUP_HEARTBEAT, away);
        try {
            Polled answer = client.poll(poll().topics(topic).waitMs(400)).failed(50301);
            assertThat(answer.raw().headers().firstValue("Retry-After")).isPresent();
        } finally {
            GroupWorld.eventually(() -> world.coordinator().calls(ApiKeys.CONSUMER_GROUP_HEARTBEAT) > 0);
            world.coordinator().forget(ApiKeys.CONSUMER_GROUP_HEARTBEAT);
        }
    }

    @Test
    void readsOnFromTheCursor() {
        String topic = world.topic(1);
        world.write(topic, 0, "a", "b", "c");
        Polled first = client.poll(poll().topics(topic).earliest().records(2)).ok();
        assertThat(first.values()).containsExactly("a", "b");
        assertThat(first.state()).isEqualTo("assigned");
        Polled next = client.poll(poll().cursor(first)).ok();
        assertThat(next.values()).containsExactly("c");
        assertThat(next.state()).isEqualTo("caught_up");
        assertThat(next.member()).isEqualTo(first.member());
        assertThat(world.coordinator().committed(group, topic, 0)).isEqualTo(-1);
    }

    @Test
    void sameCursorGivesTheSameRecordsWhateverHasComeSince() {
        String topic = world.topic(3);
        world.write(topic, 0, "a");
        world.write(topic, 1, "b", "c", "d");
        Polled first = client.poll(poll().topics(topic).earliest().records(1)).ok();
        Polled second = client.poll(poll().cursor(first).records(2)).ok();
        for (int p = 0; p < 3; p++) {
            world.write(topic, p, "later-" + p, "later-still-" + p);
        }
        for (int i = 0; i < 3; i++) {
            Polled again = client.poll(poll().cursor(first).records(100)).ok();
            assertThat(again.values()).isEqualTo(second.values());
        }
        // And on from there nothing is missing and nothing comes twice.
        List<String> all = new ArrayList<>(first.values());
        all.addAll(second.values());
        Polled last = second;
        while (all.size() < 10) {
            last = client.poll(poll().cursor(last).records(3)).ok();
            all.addAll(last.values());
        }
        assertThat(all)
                .containsExactlyInAnyOrder(
                        "a",
                        "b",
                        "c",
                        "d",
                        "later-0",
                        "later-1",
                        "later-2",
                        "later-still-0",
                        "later-still-1",
                        "later-still-2");
    }

    @Test
    void ackCommitsAndReadsOn() {
        String topic = world.topic(1);
        world.write(topic, 0, "a", "b", "c");
        Polled first = client.poll(poll().topics(topic).earliest().records(2)).ok();
        Polled next = client.poll(poll().ack(first)).ok();
        assertThat(next.values()).containsExactly("c");
        assertThat(world.coordinator().committed(group, topic, 0)).isEqualTo(2);
        Polled acked = client.ack(next.cursor()).ok();
        assertThat(acked.json().toString())
                .isEqualTo("{\"committed\":[{\"topic\":\"" + topic
                        + "\",\"partition\":0,\"offset\":3}],\"not_committed\":[]}");
        assertThat(world.coordinator().committed(group, topic, 0)).isEqualTo(3);
    }

    @Test
    void memberWithoutCursorReadsOnFromWhatIsCommitted() {
        String topic = world.topic(1);
        world.write(topic, 0, "a", "b", "c");
        Polled first = client.poll(poll().topics(topic).earliest().records(2)).ok();
        assertThat(client.poll(poll().with("member", first.member()).records(2))
                        .ok()
                        .values())
                .containsExactly("a", "b");
        client.ack(first.cursor()).ok();
        assertThat(client.poll(poll().with("member", first.member())).ok().values())
                .containsExactly("c");
    }

    @Test
    void ackOfAnOlderCursorTakesNothingBack() {
        String topic = world.topic(1);
        world.write(topic, 0, "a", "b");
        Polled first = client.poll(poll().topics(topic).earliest().records(1)).ok();
        Polled second = client.poll(poll().cursor(first)).ok();
        client.ack(second.cursor()).ok();
        Polled old = client.ack(first.cursor()).ok();
        assertThat(world.coordinator().committed(group, topic, 0)).isEqualTo(2);
        assertThat(old.json().required("committed").get(0).required("offset").asLong())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Errors.class,
            names = {"NOT_COORDINATOR", "COORDINATOR_LOAD_IN_PROGRESS", "STALE_MEMBER_EPOCH"})
    void ackOutlastsWhatPasses(Errors error) {
        String topic = world.topic(1);
        world.write(topic, 0, "a", "b");
        Polled first = client.poll(poll().topics(topic).earliest().records(1)).ok();
        world.coordinator().next(ApiKeys.OFFSET_COMMIT, error, error);
        assertThat(client.poll(poll().ack(first)).ok().values()).containsExactly("b");
        assertThat(world.coordinator().committed(group, topic, 0)).isEqualTo(1);
    }

    @Test
    void ackWhoseAnswerIsLostIsRepeated() {
        String topic = world.topic(1);
        world.write(topic, 0, "a");
        Polled first = client.poll(poll().topics(topic).earliest()).ok();
        world.coordinator().loseAnswer(ApiKeys.OFFSET_COMMIT);
        assertThat(client.ack(first.cursor()).ok().listed("committed")).containsExactly(0);
        assertThat(world.coordinator().committed(group, topic, 0)).isEqualTo(1);
    }

    @Test
    void partitionThatCannotBeCommittedIsListed() {
        String topic = world.topic(1);
        world.write(topic, 0, "a");
        Polled first = client.poll(poll().topics(topic).earliest()).ok();
        world.coordinator().next(ApiKeys.OFFSET_COMMIT, Errors.TOPIC_AUTHORIZATION_FAILED);
        Polled acked = client.ack(first.cursor()).ok();
        assertThat(acked.listed("not_committed")).containsExactly(0);
        assertThat(acked.listed("committed")).isEmpty();
    }

    @Test
    void returnsAsSoonAsThereIsARecord() throws Exception {
        String topic = world.topic(4);
        Polled first = client.poll(poll().topics(topic).earliest().waitMs(0)).ok();
        CompletableFuture<Polled> waiting = client.later(
                poll().topics(topic).with("member", first.member()).earliest().waitMs(20_000));
        GroupWorld.eventually(() -> world.coordinator().assigned(group, first.member()) == 4);
        int fetches = world.broker().fetchRequests();
        GroupWorld.eventually(() -> world.broker().fetchRequests() > fetches);
        assertThat(waiting).isNotDone();
        world.write(topic, 2, "now");
        assertThat(waiting.get(10, TimeUnit.SECONDS).ok().values()).containsExactly("now");
    }

    @Test
    void emptyAnswerSaysThatAllIsRead() {
        String topic = world.topic(1);
        world.write(topic, 0, "a");
        Polled first = client.poll(poll().topics(topic).earliest()).ok();
        Polled empty = client.poll(poll().cursor(first).waitMs(100)).ok();
        assertThat(empty.values()).isEmpty();
        assertThat(empty.state()).isEqualTo("caught_up");
        world.write(topic, 0, "b");
        assertThat(client.poll(poll().cursor(empty).waitMs(0)).ok().values()).containsExactly("b");
    }

    @Test
    void limitsCutExactlyAndOneRecordAlwaysComes() {
        String topic = world.topic(1);
        String large = "x".repeat(3_000_000);
        world.writeBatch(topic, 0, "aaaa", "bbbb", "cccc", "dddd");
        world.write(topic, 0, large, "last");
        Polled first = client.poll(poll().topics(topic).earliest().records(3)).ok();
        assertThat(first.values()).containsExactly("aaaa", "bbbb", "cccc");
        Polled second = client.poll(poll().cursor(first).with("max_bytes", 7)).ok();
        assertThat(second.values()).containsExactly("dddd");
        Polled third = client.poll(poll().cursor(second).with("max_bytes", 7)).ok();
        assertThat(third.values()).containsExactly(large);
        assertThat(client.poll(poll().cursor(third).with("max_bytes", 7)).ok().values())
                .containsExactly("last");
        assertThat(client.poll(poll().cursor(first).with("max_bytes", 8).records(2))
                        .ok()
                        .values())
                .as("same cursor")
                .containsExactly("dddd");
    }

    @Test
    void everyPartitionHasItsTurn() {
        String topic = world.topic(3);
        for (int p = 0; p < 3; p++) {
            String prefix = p + "-";
            world.writeBatch(
                    topic, p, IntStream.range(0, 50).mapToObj(i -> prefix + i).toArray(String[]::new));
        }
        Polled last = client.poll(poll().topics(topic).earliest().records(5)).ok();
        List<String> seen = new ArrayList<>(last.values());
        for (int i = 0; i < 11; i++) {
            last = client.poll(poll().cursor(last).records(5)).ok();
            seen.addAll(last.values());
        }
        for (int p = 0; p < 3; p++) {
            String prefix = p + "-";
            assertThat(seen).as("of 60 records some are of partition %d", p).anyMatch(v -> v.startsWith(prefix));
        }
        assertThat(seen).doesNotHaveDuplicates().hasSize(60);
    }

    @Test
    void memberThatBeginsAtTheEndSkipsNothingFromThenOn() {
        String topic = world.topic(1);
        world.write(topic, 0, "before");
        Polled first = client.poll(poll().topics(topic).waitMs(200)).ok();
        assertThat(first.values()).isEmpty();
        GroupWorld.eventually(() -> world.coordinator().committed(group, topic, 0) == 1);
        client.leave(first.member());
        world.write(topic, 0, "meanwhile");
        assertThat(client.poll(poll().topics(topic)).ok().values()).containsExactly("meanwhile");
    }

    @Test
    void recordsDeletedUnreadAreToldAsAGap() {
        String topic = world.topic(1);
        world.write(topic, 0, "a", "b", "c", "d");
        Polled first = client.poll(poll().topics(topic).earliest().records(1)).ok();
        world.broker().log(topic, 0).deleteBelow(3);
        Polled next = client.poll(poll().cursor(first)).ok();
        assertThat(next.values()).containsExactly("d");
        assertThat(next.json().required("gaps").toString())
                .isEqualTo("[{\"topic\":\"" + topic + "\",\"partition\":0,\"from\":1,\"to\":3}]");
    }

    @Test
    void formatsAreShownAsAsked() {
        String topic = world.topic(1);
        world.write(topic, 0, "{\"a\":1}", "no json");
        Polled first = client.poll(poll().topics(topic).earliest().with("value_format", "json"))
                .ok();
        assertThat(first.json()
                        .required("records")
                        .get(0)
                        .required("value")
                        .required("a")
                        .asInt())
                .isEqualTo(1);
        assertThat(first.json().required("records").get(1).has("error")).isTrue();
    }

    @Test
    void patternFindsTopics() {
        String topic = world.topic(1);
        world.write(topic, 0, "a");
        Polled first = client.poll(
                        poll().with("pattern", topic.replace("-", "[-]")).earliest())
                .ok();
        assertThat(first.values()).containsExactly("a");
    }

    @Test
    void subscriptionMayChange() {
        String one = world.topic(1);
        String two = world.topic(1);
        world.write(one, 0, "a");
        world.write(two, 0, "b");
        Polled first = client.poll(poll().topics(one).earliest()).ok();
        assertThat(first.values()).containsExactly("a");
        Polled next = client.poll(poll().topics(two).ack(first)).ok();
        assertThat(next.values()).containsExactly("b");
        assertThat(next.json().required("rebalance").required("revoked").toString())
                .contains(one);
        assertThat(next.json().required("rebalance").required("assigned").toString())
                .contains(two);
    }

    @Test
    void secondPollOfAMemberEndsTheFirst() throws Exception {
        String topic = world.topic(1);
        Polled first = client.poll(poll().topics(topic).earliest().waitMs(0)).ok();
        CompletableFuture<Polled> waiting = client.later(poll().cursor(first).waitMs(20_000));
        int fetches = world.broker().fetchRequests();
        GroupWorld.eventually(() -> world.broker().fetchRequests() > fetches);
        client.poll(poll().cursor(first).waitMs(0)).ok();
        assertThat(waiting.get(10, TimeUnit.SECONDS).ok().values()).isEmpty();
    }

    @Test
    void topicThatDoesNotExistIsSaidAndNobodyJoins() {
        client.poll(poll().topics("no-such-topic").waitMs(0)).failed(40401);
        assertThat(world.coordinator().members(group)).isEmpty();
    }

    @Test
    void whatIsNotOursIsRefused() {
        String topic = world.topic(1);
        world.write(topic, 0, "a");
        Polled first = client.poll(poll().topics(topic).earliest()).ok();
        client.poll(poll().with("cursor", "nonsense")).failed(40004);
        client.poll(poll().with("ack", first.cursor() + "A")).failed(40004);
        world.client(0, GroupWorld.group()).poll(poll().cursor(first)).failed(40004);
        client.ack("nonsense").failed(40004);
        client.poll(poll().cursor(first).with("member", "another")).failed(42202);
        client.poll(poll()).failed(42202);
        client.raw("{").failed(40003);
        client.raw("{\"topics\":[\"a\"],\"x\":1}").failed(42202);
        client.poll(poll().with("member", "nobody")).failed(40901);
        assertThat(world.coordinator().members(group)).containsExactly(first.member());
    }

    @Test
    void leavesNow() {
        String topic = world.topic(1);
        world.write(topic, 0, "a");
        Polled first = client.poll(poll().topics(topic).earliest()).ok();
        Polled left = client.leave(first.member());
        assertThat(left.status()).isEqualTo(204);
        assertThat(left.raw().body()).isEmpty();
        assertThat(world.coordinator().members(group)).isEmpty();
        client.leave(first.member()).failed(40403);
        assertThat(client.poll(poll().cursor(first))
                        .failed(40901)
                        .json()
                        .required("detail")
                        .asString())
                .contains("left", "poll without member");
        client.ack(first.cursor()).failed(40901);
    }

    @Test
    void memberThatIsTakenOutWhileItWaitsIsToldAtOnce() throws Exception {
        String topic = world.topic(1);
        Polled first = client.poll(poll().topics(topic).earliest().waitMs(0)).ok();
        CompletableFuture<Polled> waiting = client.later(poll().cursor(first).waitMs(20_000));
        GroupWorld.eventually(() -> world.coordinator().assigned(group, first.member()) == 1);
        world.coordinator().evict(group, first.member());
        waiting.get(10, TimeUnit.SECONDS).failed(40901);
        Polled anew = client.poll(poll().topics(topic).waitMs(0)).ok();
        assertThat(anew.member()).isNotEqualTo(first.member());
    }
}
