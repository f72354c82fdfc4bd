package io.naru.admin.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.admin.controller.BrokerProcess;
import io.naru.admin.controller.Change;
import io.naru.admin.controller.ControllerState;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterDelta;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.Endpoint;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.ShardImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.ClusterUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Deltas lead a follower to the very image that the controller has, however far behind it is. */
class ImageDeltasTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Endpoint ENDPOINT = new Endpoint("h", 1);

    private final ImagePublisher publisher = new ImagePublisher();

    static IntStream seeds() {
        return Long.getLong("naru.seed") == null
                ? IntStream.range(0, 40)
                : IntStream.of(Math.toIntExact(Long.getLong("naru.seed")));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void foldedDeltasAreTheWholeImage(int seed) {
        Random random = new Random(seed);
        ControllerState state = ControllerState.empty("c", 1);
        publisher.publish(state.image());
        List<ClusterImage> followers = new ArrayList<>(List.of(state.image(), state.image(), state.image()));
        int whole = 0;
        int byDeltas = 0;
        for (int step = 0; step < 200; step++) {
            List<Change> changes = new ArrayList<>();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                Change change = change(state.apply(changes), random);
                if (change != null) {
                    changes.add(change);
                }
            }
            state = state.apply(changes);
            if (changes.isEmpty()) {
                continue;
            }
            publisher.publish(state.image());
            for (int follower = 0; follower < followers.size(); follower++) {
                if (follower == 0 || random.nextInt(10 * follower) == 0) {
                    ClusterImage known = followers.get(follower);
                    ClusterUpdate update = update(known);
                    assertThat(update.from(known)).isEqualTo(state.image());
                    followers.set(follower, update.from(known));
                    whole += update.image() == null ? 0 : 1;
                    byDeltas += update.image() == null ? 1 : 0;
                }
            }
        }
        assertThat(whole).isZero();
        assertThat(byDeltas).isGreaterThan(180);
    }

    @Test
    void whoIsTooFarBehindOrHadAnotherControllerGetsTheWhole() {
        ControllerState state = ControllerState.empty("c", 7);
        ClusterImage first = state.image();
        publisher.publish(first);
        for (int i = 0; i < 600; i++) {
            state = state.apply(List.of(new Change.ClusterConfigured(Map.of("num.io.threads", "" + (i + 1)))));
            publisher.publish(state.image());
        }
        assertThat(update(first).image()).isEqualTo(state.image());
        ClusterImage recent = new ClusterImage(
                state.image().version() - 3,
                6,
                "c",
                first.brokers(),
                first.coordinators(),
                first.topics(),
                List.of(),
                Map.of());
        assertThat(update(recent).from(recent)).isEqualTo(state.image());
        publisher.withdraw();
        publisher.publish(state.image());
        assertThat(update(recent).image())
                .as("nothing of another reign is left")
                .isEqualTo(state.image());
    }

    @Test
    void aDeltaAppliesToItsImageOnly() {
        ControllerState one = ControllerState.empty("c", 1);
        ControllerState two = one.apply(List.of(new Change.ClusterConfigured(Map.of("num.io.threads", "1"))));
        ClusterDelta delta = ClusterDelta.between(one.image(), two.image());
        assertThat(delta.applyTo(one.image())).isEqualTo(two.image());
        assertThatThrownBy(() -> delta.applyTo(two.image())).isInstanceOf(IllegalArgumentException.class);
    }

    private ClusterUpdate update(ClusterImage known) {
        byte[] json = publisher.current().orElseThrow().update(known.version(), known.controllerEpoch());
        return JSON.readValue(json, ClusterUpdate.class);
    }

    private static Change change(ControllerState state, Random random) {
        ClusterImage image = state.image();
        List<TopicImage> topics = List.copyOf(image.topics().values());
        int id = random.nextInt(4);
        boolean registered = image.brokers().containsKey(id);
        TopicImage topic = topics.isEmpty() ? null : topics.get(random.nextInt(topics.size()));
        return switch (random.nextInt(11)) {
            case 0 ->
                new Change.BrokerRegistered(
                        new BrokerImage(
                                id,
                                image.version() + 1,
                                ENDPOINT,
                                ENDPOINT,
                                random.nextBoolean() ? "r" : null,
                                true,
                                Map.of()),
                        new BrokerProcess("i", List.of()));
            case 1 -> registered ? new Change.BrokerFenced(id, random.nextBoolean()) : null;
            case 2 -> registered ? new Change.BrokerUnregistered(id) : null;
            case 3 -> registered ? new Change.BrokerConfigured(id, Map.of("a", "" + random.nextInt(3))) : null;
            case 4 ->
                new Change.ClusterConfigured(random.nextBoolean() ? Map.of() : Map.of("b", "" + random.nextInt(3)));
            case 5 ->
                new Change.CoordinatorRegistered(
                        new CoordinatorImage(id, image.version(), ENDPOINT, ENDPOINT, random.nextBoolean()), "i");
            case 6 ->
                new Change.TopicCreated(new TopicImage(
                        "t" + random.nextInt(6),
                        "id" + random.nextLong(),
                        Map.of(),
                        IntStream.range(0, 1 + random.nextInt(3))
                                .mapToObj(i -> partition(i, random))
                                .toList()));
            case 7 -> topic == null ? null : new Change.TopicDeleted(topic.name());
            case 8 ->
                topic == null ? null : new Change.TopicConfigured(topic.name(), Map.of("c", "" + random.nextInt(3)));
            case 9 ->
                topic == null
                        ? null
                        : random.nextBoolean()
                                ? new Change.PartitionAdded(
                                        topic.name(),
                                        partition(topic.partitions().size(), random))
                                : new Change.PartitionChanged(
                                        topic.name(),
                                        partition(
                                                random.nextInt(
                                                        topic.partitions().size()),
                                                random));
            default ->
                new Change.ShardAssigned(new ShardImage(
                        random.nextInt(image.shards().size() + 1), random.nextInt(3), random.nextInt(100)));
        };
    }

    private static PartitionImage partition(int index, Random random) {
        return new PartitionImage(index, List.of(1, 2), List.of(1), 1, random.nextInt(100), random.nextInt(100));
    }
}
