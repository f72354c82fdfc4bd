package io.naru.simulation;

import io.naru.admin.controller.Controller;
import io.naru.broker.partition.Partition;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.AlterReassignments;
import io.naru.cluster.control.PartitionName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.BiPredicate;

/**
 * Breaks things, one after another and several at a time, and mends each after a while.
 *
 * <p>What Naru does not promise to survive is not done. A disk that loses what was acknowledged (power without fsync, a new disk) is one
 * broker's at a time: while the controller has not heard of it, nobody else is killed, and somebody else must be in sync or eligible. With
 * {@code flush.messages=1} power may go anywhere at any time.
 */
final class Faults {

    private static final int DAY_MS = 86_400_000;

    private final Simulation world;
    private final Random random;
    private final Optional<GroupFaults> groupFaults;
    private boolean over;

    Faults(Simulation world, Random random) {
        this.world = world;
        this.random = random;
        this.groupFaults =
                world.group().map(group -> new GroupFaults(world, group, this, new Random(random.nextLong())));
    }

    void begin() {
        again();
    }

    private void again() {
        world.events().after(100_000 + random.nextInt(2_500_000), () -> {
            if (!over) {
                something();
                again();
            }
        });
    }

    private void something() {
        if (groupFaults.isPresent() && groupFaults.get().something()) {
            return;
        }
        BrokerMachine broker = anyBroker();
        switch (random.nextInt(31)) {
            case 0, 1 -> kill(broker);
            case 2, 3 -> killWhileItWrites(broker);
            case 4 -> killLeader();
            case 5 -> killAll();
            case 6, 7 -> cutPower(broker);
            case 8 -> wipe(broker);
            case 9 -> stop(broker);
            case 10, 11 -> pause(broker);
            case 12, 13 -> cutLink();
            case 14 -> isolate(broker.name());
            case 15 -> killAdmin();
            case 16 -> pauseAdmin();
            case 17 -> failCommits();
            case 18 -> stepClock(broker);
            case 19 -> resetConnections(broker);
            case 20 -> recreateTopic();
            case 21, 22 -> reassign();
            case 23, 24 -> loseDiskWhileJoining();
            case 25, 26, 27 -> rot(broker);
            case 28 -> split();
            case 29 -> ring();
            default -> pauseLeader();
        }
    }

    private BrokerMachine anyBroker() {
        return world.brokers().get(random.nextInt(world.brokers().size()));
    }

    /** Mends it after a while, unless all is mended before. */
    void later(int mostMs, Runnable mending) {
        world.events().after(1_000L * random.nextInt(mostMs), () -> {
            if (!over) {
                mending.run();
            }
        });
    }

    // ---------------------------------------------------------------- brokers

    /** Nobody's loss is still unknown to the controller. */
    private boolean nothingIsLost() {
        return world.brokers().stream()
                .noneMatch(broker -> broker.tainted() || broker.rot().isThere());
    }

    void kill(BrokerMachine broker) {
        if (nothingIsLost() || (broker.rot().isThere() && mayLose(broker))) {
            broker.kill("is killed");
            later(8_000, broker::start);
        }
    }

    private void killWhileItWrites(BrokerMachine broker) {
        if (nothingIsLost() && broker.process() != null) {
            broker.disk().dieAfter(1 + random.nextInt(40));
            BrokerProcess doomed = broker.process();
            world.events().after(3_000_000, () -> {
                if (broker.process() == doomed) {
                    broker.disk().dieAfter(Long.MAX_VALUE);
                }
            });
            later(8_000, broker::start);
            world.events().after(8_000_000, broker::start);
        }
    }

    private TopicImage anyTopic() {
        String name =
                world.group().isPresent() && random.nextInt(3) == 0 ? TopicImage.CONSUMER_OFFSETS : Simulation.TOPIC;
        return world.image().topics().get(name);
    }

    private PartitionImage anyPartition() {
        return anyPartition(anyTopic());
    }

    private PartitionImage anyPartition(TopicImage topic) {
        return topic.partitions().get(random.nextInt(topic.partitions().size()));
    }

    private void killLeader() {
        int leader = anyPartition().leader();
        if (leader > 0) {
            kill(world.broker(leader));
        }
    }

    private void killAll() {
        if (nothingIsLost()) {
            for (BrokerMachine broker : world.brokers()) {
                if (world.flushes() && random.nextBoolean()) {
                    broker.cutPower(false);
                } else {
                    broker.kill("is killed");
                }
                later(5_000, broker::start);
            }
        }
    }

    private void cutPower(BrokerMachine broker) {
        if (world.flushes() ? nothingIsLost() : mayLose(broker)) {
            broker.cutPower(!world.flushes());
            later(8_000, broker::start);
        }
    }

    private void wipe(BrokerMachine broker) {
        if (mayLose(broker)) {
            broker.wipe();
            later(8_000, broker::start);
        }
    }

    /**
     * A follower crashes and comes back. In the moment in which its leader hears of that, before it can ask for the follower to be in sync
     * again, its way to the controllers is cut, so that the request is under way when the follower comes back once more, with a new disk
     * (KIP-903). The leader must know of the first return: it takes nobody for a follower whom it does not know to be registered.
     */
    private void loseDiskWhileJoining() {
        PartitionImage partition = anyPartition();
        List<Integer> followers = new ArrayList<>(partition.isr());
        followers.remove((Integer) partition.leader());
        if (partition.leader() <= 0 || followers.isEmpty()) {
            return;
        }
        BrokerMachine follower = world.broker(followers.get(random.nextInt(followers.size())));
        if (!mayLose(follower)) {
            return;
        }
        follower.kill("is killed");
        follower.start();
        BrokerProcess returned = follower.process();
        if (returned != null) {
            cutWhenKnown(world.broker(partition.leader()), follower, returned, 600);
        }
    }

    private void cutWhenKnown(BrokerMachine leader, BrokerMachine follower, BrokerProcess returned, int looks) {
        BrokerProcess leading = leader.process();
        if (over || leading == null || follower.process() != returned || looks == 0) {
            return;
        }
        BrokerImage known =
                leading.image().map(image -> image.brokers().get(follower.id())).orElse(null);
        boolean knows = known != null && !known.fenced() && returned.epoch().equals(OptionalLong.of(known.epoch()));
        if (!knows) {
            world.events().after(2_000, () -> cutWhenKnown(leader, follower, returned, looks - 1));
            return;
        }
        world.trace().say("network", "cut " + leader.name() + " > controllers");
        world.admins().forEach(admin -> world.network().cut(leader.name(), admin.name()));
        world.events().after(2_300_000, () -> {
            world.trace().say("network", "heal " + leader.name() + " > controllers");
            world.admins().forEach(admin -> world.network().heal(leader.name(), admin.name()));
        });
        world.events().after(100_000 + random.nextInt(1_200_000), () -> {
            if (!over && mayLose(follower)) {
                follower.wipe();
                follower.start();
            }
        });
    }

    /** Whether all others are well, and of all partitions somebody else has everything. */
    private boolean mayLose(BrokerMachine broker) {
        for (BrokerMachine other : world.brokers()) {
            BrokerProcess process = other.process();
            boolean rotten = other != broker && other.rot().isThere();
            if (rotten || other.tainted() || other.disk().dying() || process == null || !process.isRegistered()) {
                return false;
            }
        }
        for (TopicImage topic : world.image().topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                List<Integer> complete = new ArrayList<>(partition.isr());
                complete.addAll(partition.elr());
                complete.remove((Integer) broker.id());
                if (complete.isEmpty()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A bit or two of what is committed change, on one broker only, while another has the records. */
    private void rot(BrokerMachine broker) {
        BrokerProcess process = broker.process();
        if (!mayLose(broker) || process == null) {
            return;
        }
        String topic = anyTopic().name();
        List<Partition> replicas = process.partitions().stream()
                .flatMap(table -> table.all().stream())
                .filter(partition -> partition.name().topic().equals(topic))
                .filter(partition -> partition.highWatermark() > partition.log().logStartOffset())
                .sorted(Comparator.comparing(partition -> partition.name().partition()))
                .toList();
        if (replicas.isEmpty()) {
            return;
        }
        Partition partition = replicas.get(random.nextInt(replicas.size()));
        for (int i = random.nextInt(2); i >= 0; i--) {
            long offset = random.nextLong(partition.log().logStartOffset(), partition.highWatermark());
            try {
                world.trace().say(broker.name(), "rots: " + broker.rot().flip(partition, offset, random));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void stop(BrokerMachine broker) {
        BrokerProcess process = broker.process();
        if (process != null) {
            process.process().execute(process::stop);
            world.events().after(1_000L * (1_000 + random.nextInt(8_000)), () -> {
                if (broker.process() == null) {
                    broker.start();
                }
            });
        }
    }

    private void pause(BrokerMachine broker) {
        BrokerProcess process = broker.process();
        if (process != null) {
            world.trace().say(broker.name(), "is paused");
            process.process().pause();
            later(9_000, () -> {
                world.trace().say(broker.name(), "goes on");
                process.process().resume();
            });
        }
    }

    private void pauseLeader() {
        int leader = anyPartition().leader();
        if (leader > 0) {
            pause(world.broker(leader));
        }
    }

    private void stepClock(BrokerMachine broker) {
        int ms = random.nextInt(2 * DAY_MS) - DAY_MS;
        world.trace().say(broker.name(), "has its clock set by " + ms + " ms");
        broker.clock().step(ms);
        later(10_000, broker.clock()::mend);
    }

    private void resetConnections(BrokerMachine broker) {
        if (broker.process() != null) {
            world.trace().say(broker.name(), "loses its connections");
            broker.process().resetConnections();
        }
    }

    // ---------------------------------------------------------------- network

    private List<String> machines() {
        List<String> names = new ArrayList<>();
        world.brokers().forEach(broker -> names.add(broker.name()));
        world.admins().forEach(admin -> names.add(admin.name()));
        for (int i = 1; i <= 5; i++) {
            names.add("client-" + i);
        }
        world.group().ifPresent(group -> names.addAll(group.machines()));
        return names;
    }

    private void cutLink() {
        List<String> names = machines();
        String one = anyBroker().name();
        names.remove(one);
        String other = names.get(random.nextInt(names.size()));
        boolean both = random.nextBoolean();
        boolean outward = random.nextBoolean();
        cut(outward ? one : other, outward ? other : one);
        if (both) {
            cut(outward ? other : one, outward ? one : other);
        }
    }

    void cut(String from, String to) {
        world.trace().say("network", "cut " + from + " > " + to);
        world.network().cut(from, to);
        later(10_000, () -> {
            world.trace().say("network", "heal " + from + " > " + to);
            world.network().heal(from, to);
        });
    }

    /** Two halves that do not reach each other; one has most of the brokers, the controllers and clients are wherever they are. */
    private void split() {
        List<String> names = machines();
        Collections.shuffle(names, random);
        int few = 1 + random.nextInt((world.brokers().size() - 1) / 2);
        List<String> minority = new ArrayList<>();
        List<String> majority = new ArrayList<>();
        for (String name : names) {
            boolean broker = name.startsWith("broker");
            boolean here = broker
                    ? minority.stream().filter(n -> n.startsWith("broker")).count() < few
                    : random.nextBoolean();
            (here ? minority : majority).add(name);
        }
        cutFromEachOther("split", (one, other) -> minority.contains(one) != minority.contains(other));
    }

    /** Brokers and controllers stand in a ring, and each reaches its neighbours only: no two of them see the same majority. */
    private void ring() {
        List<String> ring = new ArrayList<>(machines());
        ring.removeIf(name -> !name.startsWith("broker") && !name.startsWith("admin"));
        Collections.shuffle(ring, random);
        cutFromEachOther("ring " + ring, (one, other) -> {
            int from = ring.indexOf(one);
            int to = ring.indexOf(other);
            int apart = Math.floorMod(from - to, ring.size());
            return from >= 0 && to >= 0 && apart != 1 && apart != ring.size() - 1;
        });
    }

    private void cutFromEachOther(String how, BiPredicate<String, String> apart) {
        world.trace().say("network", how);
        List<String> names = machines();
        List<Runnable> mendings = new ArrayList<>();
        for (String one : names) {
            for (String other : names) {
                if (!one.equals(other) && apart.test(one, other)) {
                    world.network().cut(one, other);
                    mendings.add(() -> world.network().heal(one, other));
                }
            }
        }
        later(12_000, () -> {
            world.trace().say("network", "heal " + how);
            mendings.forEach(Runnable::run);
        });
    }

    void isolate(String machine) {
        for (String other : machines()) {
            if (!other.equals(machine)) {
                cut(machine, other);
                cut(other, machine);
            }
        }
    }

    // ---------------------------------------------------------------- controllers

    private void killAdmin() {
        AdminMachine admin = world.admins().get(random.nextInt(2));
        admin.kill();
        later(6_000, admin::start);
    }

    private void pauseAdmin() {
        ControllerProcess admin = world.admins().get(random.nextInt(2)).process();
        if (admin != null) {
            world.trace().say(admin.process().name(), "is paused");
            admin.process().pause();
            later(8_000, () -> {
                world.trace().say(admin.process().name(), "goes on");
                admin.process().resume();
            });
        }
    }

    private void failCommits() {
        world.trace().say("database", "fails now and then");
        world.database().failing(3);
        later(5_000, () -> world.database().failing(0));
    }

    // ---------------------------------------------------------------- topics

    private void recreateTopic() {
        world.trace().say("operator", "deletes " + Simulation.FLEETING);
        world.operator().execute(() -> world.delete(Simulation.FLEETING));
        world.operator().after(1_000L * random.nextInt(3_000), () -> world.create(Simulation.FLEETING, 1));
    }

    private void reassign() {
        List<Integer> ids = new ArrayList<>();
        world.brokers().forEach(broker -> ids.add(broker.id()));
        Collections.shuffle(ids, random);
        List<Integer> target = List.copyOf(ids.subList(0, 3));
        String topic = anyTopic().name();
        int partition = anyPartition(world.image().topics().get(topic)).partition();
        world.trace().say("operator", "moves " + topic + "-" + partition + " to " + target);
        AlterReassignments wanted = new AlterReassignments(
                List.of(new AlterReassignments.Reassignment(new PartitionName(topic, partition), target)), true);
        world.operator()
                .execute(() -> world.controlPlane()
                        .call((Controller controller, Long nowMs) -> controller.alterReassignments(wanted)));
    }

    /** Mends everything that is broken. */
    void end() {
        over = true;
        world.trace().say("world", "is mended");
        world.network().healAll();
        world.database().failing(0);
        for (AdminMachine admin : world.admins()) {
            ControllerProcess running = admin.process();
            if (running == null) {
                admin.start();
            } else {
                running.process().resume();
            }
        }
        for (BrokerMachine broker : world.brokers()) {
            broker.clock().mend();
            mend(broker);
        }
        groupFaults.ifPresent(GroupFaults::end);
    }

    /** Also later on: one that was to stop does so when it may, perhaps after a pause, and has to come back. */
    private void mend(BrokerMachine broker) {
        BrokerProcess running = broker.process();
        if (running == null) {
            broker.start();
        } else {
            broker.disk().dieAfter(Long.MAX_VALUE);
            running.process().resume();
        }
        world.events().after(500_000, () -> mend(broker));
    }
}
