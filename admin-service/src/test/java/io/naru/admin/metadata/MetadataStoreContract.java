package io.naru.admin.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.admin.controller.BrokerProcess;
import io.naru.admin.controller.Change;
import io.naru.admin.controller.ControllerState;
import io.naru.admin.controller.Note;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.Endpoint;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.ShardImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.config.ConfigKey;
import io.naru.cluster.control.Actor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a metadata store promises, whatever the database. */
abstract class MetadataStoreContract {

    static final Duration LONG = Duration.ofMinutes(5);
    private static final Endpoint ENDPOINT = new Endpoint("127.0.0.1", 9092);

    /** A store over the database under test. */
    abstract MetadataStore store(String clusterPath);

    /** The change history of a cluster in the same database. */
    abstract ChangeHistory history(String clusterPath);

    @Test
    void whatWasCommittedIsThereForTheNextController() {
        MetadataStore store = store("/whole");
        ControllerState state = store.acquire("a", LONG).orElseThrow();
        assertThat(state.image().version()).isZero();
        state = commit(
                store,
                state,
                new Change.BrokerRegistered(broker(1, 1, true), process("b1", "d1")),
                new Change.BrokerRegistered(broker(2, 1, true), process("b2", "d2", "d3")),
                new Change.BrokerRegistered(broker(3, 1, true), process("b3")),
                new Change.CoordinatorRegistered(new CoordinatorImage(1, 1, ENDPOINT, ENDPOINT, true), "c1"));
        state = commit(
                store,
                state,
                new Change.BrokerFenced(1, false),
                new Change.TopicCreated(topic("a", 3, Map.of("retention.ms", "5", "cleanup.policy", "compact,delete"))),
                new Change.TopicCreated(topic("b", 12, Map.of())),
                new Change.ShardAssigned(new ShardImage(0, 1, 0)),
                new Change.ShardAssigned(new ShardImage(1, 1, 0)),
                new Change.ProducerIdsTaken(3000));
        state = commit(
                store,
                state,
                new Change.CoordinatorAlive(1, false),
                new Change.BrokerRegistered(broker(1, 7, true), process("b1 again", "d1", "d4")),
                new Change.BrokerUnregistered(3),
                new Change.BrokerConfigured(2, Map.of("log.retention.ms", "5", "num.io.threads", "3")),
                new Change.ClusterConfigured(Map.of("log.retention.ms", "6", "min.insync.replicas", "2")),
                new Change.TopicConfigured("b", Map.of("min.insync.replicas", "2")),
                new Change.PartitionAdded("b", new PartitionImage(12, List.of(1), List.of(1), 1, 0, 0)),
                new Change.PartitionChanged(
                        "b",
                        new PartitionImage(
                                5, List.of(3, 2, 1), List.of(2), List.of(1), List.of(3), List.of(1), 2, 1, 7)),
                new Change.PartitionChanged("b", new PartitionImage(11, List.of(2, 1), List.of(1), -1, 4, 5)),
                new Change.PartitionChanged("b", new PartitionImage(0, List.of(2, 1), List.of(2), 2, 9, 9)),
                new Change.ShardAssigned(new ShardImage(1, -1, 1)),
                new Change.ShardAssigned(new ShardImage(2, -1, 0)),
                new Change.TopicDeleted("a"),
                new Change.TopicCreated(topic("c", 1, Map.of("flush.ms", "1"))));
        ControllerState found = store.acquire("a", LONG).orElseThrow();
        assertThat(found.image().controllerEpoch()).isEqualTo(2);
        assertThat(found.image().clusterId()).isEqualTo(state.image().clusterId());
        assertThat(found.image().version()).isEqualTo(state.image().version()).isEqualTo(3);
        assertThat(found.image().brokers()).isEqualTo(state.image().brokers());
        assertThat(found.image().coordinators()).isEqualTo(state.image().coordinators());
        assertThat(found.image().topics()).isEqualTo(state.image().topics());
        assertThat(found.image().shards()).isEqualTo(state.image().shards());
        assertThat(found.image().configs()).isEqualTo(Map.of("log.retention.ms", "6", "min.insync.replicas", "2"));
        assertThat(found.brokerProcesses())
                .isEqualTo(Map.of(1, process("b1 again", "d1", "d4"), 2, process("b2", "d2", "d3")));
        assertThat(found.coordinatorIncarnations()).isEqualTo(Map.of(1, "c1"));
        assertThat(found.nextProducerId()).isEqualTo(3000);
    }

    @Test
    void leaseIsHeldByOneAtATime() {
        MetadataStore store = store("/lease");
        MetadataStore other = store("/lease");
        ControllerState first = store.acquire("a", LONG).orElseThrow();
        assertThat(other.acquire("b", LONG)).isEmpty();
        assertThat(store.renew(first.image().controllerEpoch(), Duration.ZERO)).isTrue();
        ControllerState second = other.acquire("b", LONG).orElseThrow();
        assertThat(second.image().controllerEpoch()).isGreaterThan(first.image().controllerEpoch());
        assertThat(store.renew(first.image().controllerEpoch(), LONG)).isFalse();
        store.release(first.image().controllerEpoch());
        assertThat(store.acquire("a", LONG))
                .as("the old one has nothing to give back")
                .isEmpty();
        other.release(second.image().controllerEpoch());
        assertThat(store.acquire("a", LONG)).isPresent();
        assertThat(store.acquire("a", LONG))
                .as("its own lease from an earlier life")
                .isPresent();
    }

    @Test
    void formerControllerCanCommitNothing() {
        MetadataStore store = store("/fenced");
        ControllerState old = store.acquire("a", Duration.ZERO).orElseThrow();
        ControllerState now = store("/fenced").acquire("b", LONG).orElseThrow();
        List<Change> change = List.of(
                new Change.TopicCreated(topic("t", 1, Map.of("flush.ms", "1"))), new Change.ProducerIdsTaken(1000));
        assertThatThrownBy(() -> store.commit(change, old.apply(change))).isInstanceOf(LeaseLostException.class);
        ControllerState found = store.acquire("b", LONG).orElseThrow();
        assertThat(found.image().topics()).isEmpty();
        assertThat(found.image().version()).isZero();
        assertThat(found.nextProducerId()).isZero();
        assertThat(found.image().clusterId()).isEqualTo(now.image().clusterId());
    }

    @Test
    void clustersThatShareADatabaseDoNotSeeEachOther() {
        MetadataStore north = store("/north");
        MetadataStore south = store("/south");
        ControllerState inNorth = north.acquire("a", LONG).orElseThrow();
        ControllerState inSouth = south.acquire("a", LONG).orElseThrow();
        assertThat(inNorth.image().clusterId()).isNotEqualTo(inSouth.image().clusterId());
        commit(
                north,
                inNorth,
                new Change.BrokerRegistered(broker(1, 1, true), process("n")),
                new Change.TopicCreated(topic("t", 2, Map.of())));
        commit(
                south,
                inSouth,
                new Change.TopicCreated(topic("t", 5, Map.of())),
                new Change.ShardAssigned(new ShardImage(0, -1, 0)));
        inNorth = north.acquire("a", LONG).orElseThrow();
        inSouth = south.acquire("a", LONG).orElseThrow();
        assertThat(inNorth.image().topic("t").orElseThrow().partitions()).hasSize(2);
        assertThat(inSouth.image().topic("t").orElseThrow().partitions()).hasSize(5);
        assertThat(inNorth.image().shards()).isEmpty();
        assertThat(inSouth.image().brokers()).isEmpty();
        commit(south, inSouth, new Change.TopicDeleted("t"));
        assertThat(north.acquire("a", LONG).orElseThrow().image().topics()).containsKey("t");
    }

    @Test
    void configsOfBrokersAreReplacedAndGoWithTheBroker() {
        MetadataStore store = store("/broker-configs");
        ControllerState state = store.acquire("a", LONG).orElseThrow();
        state = commit(
                store,
                state,
                new Change.BrokerRegistered(broker(1, 1, true), process("b1")),
                new Change.BrokerRegistered(broker(2, 1, true), process("b2")),
                new Change.BrokerConfigured(1, Map.of("num.io.threads", "3", "log.retention.ms", "1")),
                new Change.BrokerConfigured(2, Map.of("num.io.threads", "4")),
                new Change.ClusterConfigured(Map.of("num.io.threads", "5")));
        state = commit(
                store,
                state,
                new Change.BrokerConfigured(1, Map.of("num.io.threads", "6")),
                new Change.BrokerUnregistered(2),
                new Change.ClusterConfigured(Map.of()));
        ControllerState found = store.acquire("a", LONG).orElseThrow();
        assertThat(found.image().brokers()).isEqualTo(state.image().brokers());
        assertThat(found.image().configs()).isEmpty();
        commit(store, found, new Change.BrokerRegistered(broker(2, 9, true), process("b2")));
        assertThat(store.acquire("a", LONG).orElseThrow().image().brokers().get(2))
                .isEqualTo(broker(2, 9, true));
    }

    @Test
    void theLongestConfigValueHasRoom() {
        MetadataStore store = store("/long");
        ControllerState state = store.acquire("a", LONG).orElseThrow();
        Map<String, String> longest =
                Map.of("follower.replication.throttled.replicas", "1".repeat(ConfigKey.MAX_VALUE));
        state = commit(
                store, state, new Change.TopicCreated(topic("a", 1, longest)), new Change.ClusterConfigured(longest));
        ControllerState found = store.acquire("a", LONG).orElseThrow();
        assertThat(found.image().topics()).isEqualTo(state.image().topics());
        assertThat(found.image().configs()).isEqualTo(longest);
    }

    @Test
    void historyIsReadInPagesFromTheNewest() {
        MetadataStore store = store("/history");
        store("/history-of-others").acquire("a", LONG);
        ControllerState state = store.acquire("a", LONG).orElseThrow();
        List<Note> notes =
                IntStream.range(0, 7).mapToObj(i -> note("t" + i % 2, i)).toList();
        state = commit(store, state, topicAnd("t0", notes.subList(0, 3)));
        commit(store, state, topicAnd("t1", notes.subList(3, 7)));
        ChangeHistory history = history("/history");
        List<Note> read = new ArrayList<>();
        ChangeHistory.Place next = ChangeHistory.Place.END;
        int pages = 0;
        while (next != null) {
            ChangeHistory.Page page = history.page(new ChangeHistory.Query(null, null, next, 3));
            page.entries().forEach(entry -> read.add(0, entry.note()));
            assertThat(page.entries())
                    .allMatch(entry -> entry.at().isAfter(Instant.now().minusSeconds(600)));
            next = page.next() == null
                    ? null
                    : ChangeHistory.Place.parse(page.next().toString());
            pages++;
        }
        assertThat(read).isEqualTo(notes);
        assertThat(pages).isEqualTo(3);
        ChangeHistory.Query ofOne =
                new ChangeHistory.Query(Note.Kind.TOPIC, "t1", ChangeHistory.Place.END, ChangeHistory.PAGE_MAX);
        assertThat(history.page(ofOne).entries().stream().map(ChangeHistory.Entry::note))
                .containsExactly(notes.get(5), notes.get(3), notes.get(1));
        ChangeHistory.Query ofBrokers = new ChangeHistory.Query(Note.Kind.BROKER, null, ChangeHistory.Place.END, 1);
        assertThat(history.page(ofBrokers).entries()).isEmpty();
        assertThat(history("/history-of-others")
                        .page(new ChangeHistory.Query(null, null, ChangeHistory.Place.END, 1))
                        .entries())
                .isEmpty();
    }

    @Test
    void whatWasNotCommittedIsNotInTheHistory() {
        MetadataStore store = store("/history-fenced");
        ControllerState old = store.acquire("a", Duration.ZERO).orElseThrow();
        store("/history-fenced").acquire("b", LONG);
        List<Change> changes = List.of(topicAnd("t", List.of(note("t", 1))));
        assertThatThrownBy(() -> store.commit(changes, old.apply(changes))).isInstanceOf(LeaseLostException.class);
        assertThat(history("/history-fenced")
                        .page(new ChangeHistory.Query(null, null, ChangeHistory.Place.END, 1))
                        .entries())
                .isEmpty();
    }

    private static Change[] topicAnd(String name, List<Note> notes) {
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.TopicCreated(topic(name, 1, Map.of())));
        notes.forEach(note -> changes.add(new Change.Noted(note)));
        return changes.toArray(Change[]::new);
    }

    private static Note note(String topic, int number) {
        return new Note(
                new Actor("User:me", "client \" 나루", "::1"),
                Note.Action.ALTER_CONFIGS,
                Note.Kind.TOPIC,
                topic,
                number == 0 ? Map.of() : Map.of("flush.ms", "" + number),
                Map.of("flush.ms", "" + (number + 1), "cleanup.policy", "compact,\tdelete"));
    }

    @Test
    void failedCommitLeavesNothingBehind() {
        MetadataStore store = store("/atomic");
        ControllerState state = store.acquire("a", LONG).orElseThrow();
        List<Change> bad = List.of(
                new Change.TopicCreated(topic("t", 1, Map.of())),
                new Change.PartitionChanged("missing", new PartitionImage(0, List.of(1), List.of(1), 1, 0, 0)));
        ControllerState next = state.apply(bad.subList(0, 1));
        assertThatThrownBy(() -> store.commit(bad, next)).isInstanceOf(RuntimeException.class);
        ControllerState found = store.acquire("a", LONG).orElseThrow();
        assertThat(found.image().topics()).isEmpty();
        assertThat(found.image().version()).isZero();
    }

    @Test
    void aDyingBrokerMayTakeManyLeadershipsWithIt() {
        MetadataStore store = store("/many");
        ControllerState state = store.acquire("a", LONG).orElseThrow();
        List<Change> creations = new ArrayList<>();
        IntStream.range(0, 600).forEach(i -> creations.add(new Change.TopicCreated(topic("t" + i, 2, Map.of()))));
        state = commit(store, state, creations.toArray(Change[]::new));
        List<Change> elections = new ArrayList<>();
        state.image()
                .topics()
                .values()
                .forEach(topic -> topic.partitions()
                        .forEach(partition ->
                                elections.add(new Change.PartitionChanged(topic.name(), partition.withLeader(1)))));
        state = commit(store, state, elections.toArray(Change[]::new));
        Optional<ControllerState> found = store.acquire("a", LONG);
        assertThat(found.orElseThrow().image().topics()).isEqualTo(state.image().topics());
    }

    private static ControllerState commit(MetadataStore store, ControllerState state, Change... changes) {
        ControllerState next = state.apply(List.of(changes));
        store.commit(List.of(changes), next);
        return next;
    }

    private static BrokerProcess process(String incarnation, String... logDirs) {
        return new BrokerProcess(incarnation, List.of(logDirs));
    }

    private static BrokerImage broker(int id, long epoch, boolean fenced) {
        return new BrokerImage(id, epoch, ENDPOINT, new Endpoint("::1", 8083), id == 1 ? "r" : null, fenced, Map.of());
    }

    private static TopicImage topic(String name, int partitions, Map<String, String> configs) {
        return new TopicImage(
                name,
                "id-of-" + name,
                configs,
                IntStream.range(0, partitions)
                        .mapToObj(i -> new PartitionImage(i, List.of(2, 1), List.of(2, 1), 2, 0, 0))
                        .toList());
    }
}
