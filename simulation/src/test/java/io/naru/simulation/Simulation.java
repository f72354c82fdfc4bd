package io.naru.simulation;

import io.naru.broker.log.LogConfig;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.NewTopic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One life of a cluster, from one seed: it forms, works while {@link Faults} do their worst, is healed, and must then be whole again, with
 * everything that it ever promised.
 */
final class Simulation {

    private static final long FORMING_US = 60_000_000;
    private static final long FAULTS_US = 30_000_000;
    private static final long HEALING_US = 150_000_000;
    /** Half of the lives have a group, whose coordinators and members take their time. */
    private static final int LIVES_PER_GROUP = 2;

    static final String TOPIC = "kept";
    static final String FLEETING = "fleeting";

    private final EventQueue events = new EventQueue();
    private final Trace trace = new Trace(events);
    private final Random random;
    private final Network network;
    private final Ledger ledger = new Ledger();
    private final Invariants invariants;
    private final MetadataDatabase database;
    private final List<AdminMachine> admins = new ArrayList<>();
    private final List<BrokerMachine> brokers = new ArrayList<>();
    private final List<Producer> producers = new ArrayList<>();
    private final Map<String, String> logOverrides;
    private final boolean flushes;
    private final SimulatedProcess operator;
    private final ControlPlane controlPlane;
    private final Optional<SimulatedGroup> group;

    Simulation(long seed, Path directory) {
        Violation.forget();
        random = new Random(seed);
        network = new Network(events, seed);
        invariants = new Invariants(this);
        database = new MetadataDatabase(events, new Random(random.nextLong()), invariants::committed);
        flushes = random.nextBoolean();
        logOverrides = overrides();
        Random ids = new Random(random.nextLong());
        for (int id = 1; id <= 2; id++) {
            admins.add(new AdminMachine(
                    events,
                    "admin-" + id,
                    clock(),
                    database,
                    () -> new Uuid(ids.nextLong(), ids.nextLong()).toString(),
                    trace));
        }
        int count = 3 + random.nextInt(3);
        for (int id = 1; id <= count; id++) {
            brokers.add(new BrokerMachine(
                    this, id, directory.resolve("broker-" + id), clock(), new Random(random.nextLong())));
        }
        operator = new SimulatedProcess(events, "operator", clock());
        controlPlane = new ControlPlane(network, operator, admins);
        group = seed % LIVES_PER_GROUP == 0
                ? Optional.of(new SimulatedGroup(this, new Random(~seed)))
                : Optional.empty();
        trace.say("world", "seed " + seed + ", " + count + " brokers, " + logOverrides);
    }

    private MachineClock clock() {
        return new MachineClock(events, 1 + (random.nextInt(41) - 20) / 1_000.0);
    }

    private Map<String, String> overrides() {
        Map<String, String> all = new HashMap<>();
        all.put("segment.bytes", String.valueOf(500 + random.nextInt(8_000)));
        all.put("index.interval.bytes", String.valueOf(random.nextInt(600)));
        all.put("message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE));
        all.put("min.insync.replicas", "2");
        all.put("retention.ms", "-1");
        if (flushes) {
            all.put("flush.messages", "1");
        }
        return all;
    }

    EventQueue events() {
        return events;
    }

    Trace trace() {
        return trace;
    }

    Network network() {
        return network;
    }

    Ledger ledger() {
        return ledger;
    }

    Invariants invariants() {
        return invariants;
    }

    MetadataDatabase database() {
        return database;
    }

    List<AdminMachine> admins() {
        return admins;
    }

    List<BrokerMachine> brokers() {
        return brokers;
    }

    BrokerMachine broker(int id) {
        return brokers.get(id - 1);
    }

    Map<String, String> logOverrides() {
        return logOverrides;
    }

    LogConfig logConfig() {
        return LogConfig.from(logOverrides);
    }

    /** Whether every append is synced before it counts. */
    boolean flushes() {
        return flushes;
    }

    ControlPlane controlPlane() {
        return controlPlane;
    }

    /** Consumers in a group, in lives that have one. */
    Optional<SimulatedGroup> group() {
        return group;
    }

    static List<TopicImage> topicsOfClients(ClusterImage image) {
        return image.topics().values().stream()
                .filter(topic -> !topic.internal())
                .toList();
    }

    Connection connect(SimulatedProcess client, String clientId, String host) {
        int id = Integer.parseInt(host.substring(host.indexOf('-') + 1));
        Supplier<@Nullable KafkaNode> node = host.startsWith("broker")
                ? () -> broker(id).process()
                : () -> group.orElseThrow().coordinator(id).process();
        return new Connection(network, client, clientId, host, node);
    }

    /** Lives it; throws a {@link Violation} when anything goes wrong. */
    void run() {
        form();
        Faults faults = new Faults(this, new Random(random.nextLong()));
        faults.begin();
        runFor(FAULTS_US);
        faults.end();
        producers.forEach(Producer::finish);
        Wholeness wholeness = new Wholeness(this);
        runUntil(
                HEALING_US,
                () -> producers.stream().allMatch(Producer::finished)
                        && wholeness.missing().isEmpty()
                        && group.flatMap(SimulatedGroup::missing).isEmpty(),
                () -> "P24, P51: the cluster does not get well: " + wholeness.missing() + ", " + producers + ", "
                        + group.flatMap(SimulatedGroup::missing));
        wholeness.check();
    }

    private void form() {
        admins.forEach(AdminMachine::start);
        group.filter(SimulatedGroup::early).ifPresent(SimulatedGroup::startCoordinators);
        brokers.forEach(BrokerMachine::start);
        runUntil(
                FORMING_US,
                () -> database.state().image().liveBrokers().size() == brokers.size(),
                () -> "the cluster does not form: " + database.state());
        group.ifPresent(SimulatedGroup::startCoordinators);
        create(TOPIC, 1 + random.nextInt(2));
        create(FLEETING, 1);
        runUntil(
                FORMING_US,
                () -> topicsOfClients(image()).size() == 2
                        && group.filter(one -> !one.ready()).isEmpty(),
                () -> "topics are not created: " + database.state());
        group.ifPresent(SimulatedGroup::startMembers);
        int writers = 2 + random.nextInt(2);
        for (int i = 1; i <= writers; i++) {
            SimulatedProcess process = new SimulatedProcess(events, "client-" + i, clock());
            producers.add(new Producer(this, process, 1_000 + i, new Random(random.nextLong())));
        }
        for (int i = 1; i <= 2; i++) {
            SimulatedProcess process = new SimulatedProcess(events, "client-" + (writers + i), clock());
            process.execute(() -> new Consumer(this, process, new Random(random.nextLong())));
        }
    }

    void create(String topic, int partitions) {
        NewTopic wanted = new NewTopic(topic, partitions, 3, Map.of(), Map.of("min.insync.replicas", "2"));
        controlPlane.call((controller, nowMs) -> controller.createTopics(new CreateTopics(List.of(wanted), false)));
    }

    void delete(String topic) {
        controlPlane.call((controller, nowMs) -> controller.deleteTopics(new DeleteTopics(List.of(topic), List.of())));
    }

    SimulatedProcess operator() {
        return operator;
    }

    private void runFor(long us) {
        long until = events.nowUs() + us;
        while (events.runNext(until)) {
            // Invariants are checked by whoever does something.
        }
    }

    private void runUntil(long mostUs, BooleanSupplier reached, Supplier<String> complaint) {
        long until = events.nowUs() + mostUs;
        while (events.nowUs() < until) {
            runFor(Math.min(200_000, until - events.nowUs()));
            if (reached.getAsBoolean()) {
                return;
            }
        }
        throw new Violation(complaint.get());
    }

    ClusterImage image() {
        return database.state().image();
    }

    void end() {
        brokers.forEach(broker -> broker.kill("ends"));
    }
}
