package io.naru.admin.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.admin.controller.ClusterInvariants.Told;
import io.naru.admin.controller.CommittedRecords.Danger;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.AlterPartitions.AlterPartition;
import io.naru.cluster.control.AlterPartitions.IsrMember;
import io.naru.cluster.control.BrokerRegistration;
import io.naru.cluster.control.CreatePartitions;
import io.naru.cluster.control.CreatePartitions.MorePartitions;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.NewTopic;
import io.naru.cluster.control.ProducerIdRequest;
import io.naru.cluster.control.ReplicaName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/**
 * Random lives of a cluster: brokers register, fall silent, come back with all, less or nothing of what they had, and stop in good
 * order; directories fail; leaders shrink and expand ISRs; topics come, grow, move and go; the controller fails over. After every event
 * {@link ClusterInvariants} hold, and whoever is in sync or eligible has every record that was committed ({@link CommittedRecords}). In
 * the end all is mended, and everything has a leader and no reassignment is left. A failing seed is named and can be run again with
 * {@code -Dnaru.seed=}; {@code -Dnaru.seeds=} runs more.
 */
class ControllerSimulationTest {

    private static final int MEMBERS = 5;
    private static final int EVENTS = 800;

    @Test
    void invariantsHoldWhateverHappens() {
        Long only = Long.getLong("naru.seed");
        long first = only != null ? only : 1;
        long last = only != null ? only : Long.getLong("naru.seeds", 40);
        long committed = 0;
        int losses = 0;
        for (long seed = first; seed <= last; seed++) {
            Life life = new Life(seed);
            try {
                life.live();
                life.mend();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
            committed += life.records.total();
            losses += life.records.lossesAccepted();
        }
        assertThat(committed)
                .as("a life in which nothing happens proves nothing")
                .isPositive();
        assertThat(only != null || losses > 0).as("nor one without danger").isTrue();
    }

    private static final class Life {

        private final Random random;
        private final ControllerFixture cluster = new ControllerFixture(new ControllerSettings(
                3000,
                1,
                1,
                new ControllerSettings.OffsetsTopicSettings(7, 3),
                1000,
                3000,
                new LeaderBalanceSettings(true, 5_000, 10)));
        private final CommittedRecords records = new CommittedRecords();
        private final Set<Long> producerIds = new HashSet<>();
        private final Map<Integer, Long> stoppedCleanly = new HashMap<>();
        private final Map<Integer, String> disks = new HashMap<>();
        private final Map<Integer, List<ReplicaName>> offline = new HashMap<>();
        private final Set<Integer> stopping = new HashSet<>();
        private int names;
        private final Told told = new Told(new HashSet<>(), new HashMap<>());
        private Danger danger = Danger.NONE;

        Life(long seed) {
            random = new Random(seed);
        }

        void live() {
            for (int event = 0; event < EVENTS; event++) {
                checked(this::step);
            }
        }

        private void checked(Runnable event) {
            ClusterImage before = cluster.image();
            danger = Danger.NONE;
            try {
                event.run();
            } catch (RefusedException notThisTime) {
                // Part of life: ids that are taken, members that are not registered.
                assertThat(notThisTime.getMessage()).isNotBlank();
            }
            ClusterInvariants.check(before, cluster.image(), told);
            records.check(before, cluster.image(), danger);
        }

        private void step() {
            int id = random.nextInt(MEMBERS);
            switch (random.nextInt(30)) {
                case 0 -> register(id, random.nextInt(8) == 0);
                case 1 -> cluster.registerCoordinator(id, "c" + names++);
                case 2, 3, 4, 5, 6, 7 -> brokerHeartbeat(id);
                case 8, 9 -> coordinatorHeartbeat(id, random.nextInt(4) == 0);
                case 10, 11 -> pass(random.nextInt(1500));
                case 12 -> {
                    if (random.nextInt(3) == 0) {
                        stopping.add(id);
                    }
                    brokerHeartbeat(id);
                }
                case 13 -> create("t" + random.nextInt(4));
                case 14 -> {
                    if (random.nextInt(4) == 0) {
                        cluster.delete("t" + random.nextInt(4));
                    }
                }
                case 15 -> grow("t" + random.nextInt(4));
                case 16 -> failDirectory(id);
                case 17, 18 -> reassign();
                case 19 -> elect();
                case 20 -> cluster.commit(cluster.controller.balanceLeaders(cluster.nowMs));
                case 21 -> takeProducerIds(id);
                case 22 -> rarely(id);
                case 23, 24, 25 -> alterIsr();
                default -> produce();
            }
        }

        private void pass(int ms) {
            for (int passed = 0; passed < ms; passed += 100) {
                checked(() -> cluster.pass(100));
            }
        }

        private void rarely(int id) {
            int what = random.nextInt(12);
            if (what < 2) {
                cluster.failOver();
                told.stopping().clear();
                told.offline().clear();
                cluster.commit(cluster.controller.expireSessions(cluster.nowMs));
            } else if (what == 2) {
                cluster.commit(cluster.controller.unregisterBroker(id));
            }
        }

        private void register(int id, boolean wiped) {
            String disk = wiped ? "disk" + names++ : disks.getOrDefault(id, "disk of " + id);
            long cleanAt = stoppedCleanly.getOrDefault(id, BrokerRegistration.UNKNOWN_EPOCH);
            cluster.commit(cluster.controller.register(
                    ControllerFixture.registration(id, "b" + names++, List.of(disk), cleanAt), cluster.nowMs));
            disks.put(id, disk);
            if (wiped || cleanAt == BrokerRegistration.UNKNOWN_EPOCH) {
                records.lose(id, wiped, random);
            }
            stoppedCleanly.remove(id);
            stopping.remove(id);
            offline.remove(id);
            forget(id);
            danger = new Danger(wiped ? -1 : id, wiped, false);
        }

        private void forget(int id) {
            told.stopping().remove(id);
            told.offline().remove(id);
        }

        private void brokerHeartbeat(int id) {
            BrokerImage broker = cluster.image().brokers().get(id);
            long epoch = broker == null ? -1 : broker.epoch();
            long seen = cluster.image().version() - random.nextInt(2);
            if (stoppedCleanly.containsKey(id)) {
                return;
            }
            if (broker != null) {
                told.offline().put(id, offline.getOrDefault(id, List.of()));
                if (stopping.contains(id)) {
                    told.stopping().add(id);
                }
            }
            boolean may = cluster.commit(cluster.controller.brokerHeartbeat(
                            id,
                            new Heartbeat(epoch, seen, stopping.contains(id), offline.getOrDefault(id, List.of())),
                            cluster.nowMs))
                    .mayShutDown();
            assertThat(may && !stopping.contains(id))
                    .as("nobody is told to go who did not ask")
                    .isFalse();
            if (may) {
                stoppedCleanly.put(id, epoch);
            }
        }

        private void coordinatorHeartbeat(int id, boolean wantShutDown) {
            CoordinatorImage coordinator = cluster.image().coordinators().get(id);
            long epoch = coordinator == null ? -1 : coordinator.epoch();
            cluster.commit(cluster.controller.coordinatorHeartbeat(
                    id, new Heartbeat(epoch, cluster.image().version(), wantShutDown), cluster.nowMs));
        }

        private void create(String name) {
            Map<String, String> configs = new HashMap<>();
            configs.put("min.insync.replicas", String.valueOf(1 + random.nextInt(3)));
            if (random.nextInt(4) == 0) {
                configs.put("unclean.leader.election.enable", "true");
            }
            cluster.create(new NewTopic(name, 1 + random.nextInt(3), 1 + random.nextInt(4), Map.of(), configs));
        }

        private void grow(String name) {
            int count =
                    cluster.image().topic(name).map(t -> t.partitions().size()).orElse(1) + random.nextInt(2);
            if (count < 6) {
                cluster.commit(cluster.controller.createPartitions(
                        new CreatePartitions(List.of(new MorePartitions(name, count, List.of())), false)));
            }
        }

        private void failDirectory(int id) {
            List<ReplicaName> failed = new ArrayList<>();
            if (random.nextBoolean()) {
                for (TopicImage topic : cluster.image().topics().values()) {
                    if (random.nextBoolean()) {
                        failed.add(new ReplicaName(topic.topicId(), 0));
                    }
                }
            }
            offline.put(id, failed);
            brokerHeartbeat(id);
        }

        private record Place(TopicImage topic, PartitionImage partition) {}

        private Place anywhere() {
            List<Place> places = new ArrayList<>();
            for (TopicImage topic : cluster.image().topics().values()) {
                topic.partitions().forEach(partition -> places.add(new Place(topic, partition)));
            }
            if (places.isEmpty()) {
                throw new RefusedException(Errors.NONE, "there is nothing yet");
            }
            return places.get(random.nextInt(places.size()));
        }

        private void reassign() {
            Place place = anywhere();
            List<Integer> target = null;
            if (random.nextInt(4) > 0) {
                List<Integer> ids = new ArrayList<>(cluster.image().brokers().keySet());
                Collections.shuffle(ids, random);
                target = ids.subList(0, Math.min(ids.size(), random.nextInt(4)));
            }
            cluster.reassign(place.topic.name(), place.partition.partition(), target);
        }

        private void elect() {
            Place place = anywhere();
            boolean unclean = random.nextInt(5) == 0;
            danger = new Danger(-1, false, unclean);
            cluster.elect(unclean, place.topic.name(), place.partition.partition());
        }

        private void produce() {
            Place place = anywhere();
            records.produce(place.topic, place.partition, cluster.image());
        }

        private void alterIsr() {
            Place place = anywhere();
            PartitionImage partition = place.partition;
            if (partition.leader() == PartitionImage.NO_LEADER) {
                return;
            }
            List<Integer> isr = new ArrayList<>(List.of(partition.leader()));
            partition.replicas().stream()
                    .filter(id -> id != partition.leader())
                    .filter(id -> random.nextInt(3) > 0)
                    .forEach(isr::add);
            alterIsr(place, isr, random.nextInt(8) == 0 ? 1 : 0, random.nextInt(8) == 0 ? 1 : 0);
        }

        private void alterIsr(Place place, List<Integer> isr, int epochsBehind, int registrationsBehind) {
            PartitionImage partition = place.partition;
            ClusterImage before = cluster.image();
            List<IsrMember> members = new ArrayList<>();
            for (int id : isr) {
                BrokerImage broker = cluster.image().brokers().get(id);
                boolean leads = id == partition.leader();
                members.add(new IsrMember(id, broker == null ? 0 : broker.epoch() - (leads ? 0 : registrationsBehind)));
            }
            ReplicaName name = new ReplicaName(place.topic.topicId(), partition.partition());
            short error = cluster.alter(
                            partition.leader(),
                            new AlterPartition(
                                    name, partition.leaderEpoch(), partition.partitionEpoch() - epochsBehind, members))
                    .errorCode();
            if (error == 0) {
                assertThat(epochsBehind).isZero();
                isr.forEach(id -> records.caughtUp(place.topic, partition, id));
            }
            boolean mayJoin = registrationsBehind == 0
                    && isr.stream()
                            .filter(id -> id != partition.leader())
                            .allMatch(id -> told.alive(before, place.topic, partition, id));
            if (isr.size() > 1 && !mayJoin) {
                assertThat(error).isNotZero();
            }
        }

        private void takeProducerIds(int id) {
            BrokerImage broker = cluster.image().brokers().get(id);
            long epoch = broker == null ? -1 : broker.epoch();
            long first = cluster.commit(cluster.controller.producerIds(new ProducerIdRequest(id, epoch)))
                    .first();
            assertThat(producerIds.add(first))
                    .as("producer ids from %d are new", first)
                    .isTrue();
        }

        /** Everyone is back and everyone catches up: then everything that can be led is, and every reassignment ends. */
        void mend() {
            pass(3000);
            for (int id = 0; id < MEMBERS; id++) {
                int broker = id;
                checked(() -> register(broker, false));
            }
            for (int round = 0; round < 6; round++) {
                for (int id = 0; id < MEMBERS; id++) {
                    int broker = id;
                    checked(() -> brokerHeartbeat(broker));
                }
                for (TopicImage topic : cluster.image().topics().values()) {
                    for (PartitionImage partition : topic.partitions()) {
                        if (partition.leader() != PartitionImage.NO_LEADER) {
                            checked(() -> alterIsr(new Place(topic, partition), partition.replicas(), 0, 0));
                        }
                    }
                }
            }
            for (TopicImage topic : cluster.image().topics().values()) {
                for (PartitionImage partition : topic.partitions()) {
                    boolean lost = partition.isr().isEmpty() && partition.elr().isEmpty();
                    assertThat(partition.leader() == PartitionImage.NO_LEADER)
                            .as("%s", partition)
                            .isEqualTo(lost);
                    assertThat(lost || !partition.reassigning())
                            .as("%s", partition)
                            .isTrue();
                }
            }
        }
    }
}
