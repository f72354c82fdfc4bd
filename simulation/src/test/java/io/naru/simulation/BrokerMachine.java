package io.naru.simulation;

import io.naru.broker.log.checkpoint.MetaProperties;
import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** A machine with a disk on which a broker runs, or does not. */
final class BrokerMachine {

    private final Simulation world;
    private final int id;
    private final Path directory;
    private final MachineClock clock;
    private final SimulatedDisk disk;
    private final Random random;
    private @Nullable BrokerProcess process;
    private boolean tainted;
    private final Rot rot = new Rot();

    BrokerMachine(Simulation world, int id, Path directory, MachineClock clock, Random random) {
        this.world = world;
        this.id = id;
        this.directory = directory;
        this.clock = clock;
        this.random = random;
        this.disk = new SimulatedDisk(random);
    }

    int id() {
        return id;
    }

    String name() {
        return "broker-" + id;
    }

    Path directory() {
        return directory;
    }

    MachineClock clock() {
        return clock;
    }

    SimulatedDisk disk() {
        return disk;
    }

    Random random() {
        return random;
    }

    @Nullable
    BrokerProcess process() {
        return process;
    }

    /** Bits of its disk that are not what was written. */
    Rot rot() {
        return rot;
    }

    /** Whether it may have lost records that others count on, and the controller does not know yet. */
    boolean tainted() {
        return tainted;
    }

    void registered() {
        tainted = false;
    }

    void start() {
        if (process != null) {
            return;
        }
        world.trace().say(name(), "starts");
        try {
            Files.createDirectories(directory);
            if (!Files.exists(directory.resolve(MetaProperties.NAME))) {
                Uuid directoryId = new Uuid(random.nextLong(), random.nextLong());
                new MetaProperties(MetadataDatabase.CLUSTER_ID, id, directoryId).write(Disk.local(), directory);
                try (java.nio.channels.FileChannel known =
                        disk.open(directory.resolve(MetaProperties.NAME), java.nio.file.StandardOpenOption.WRITE)) {
                    known.force(true);
                }
                disk.syncDirectory(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = new BrokerProcess(
                world, this, new SimulatedProcess(world.events(), name(), clock), "run-" + random.nextLong());
        process.start();
    }

    /** kill -9: what was written is there. */
    void kill(String how) {
        BrokerProcess running = process;
        if (running == null) {
            return;
        }
        world.trace().say(name(), how);
        process = null;
        tainted |= rot.isThere(); // recovery may have to cut there
        running.die(true);
        disk.closeAll();
    }

    /** Power is cut: what was not synced may be there or not, and nobody hears of the end of connections. */
    void cutPower(boolean loses) {
        BrokerProcess running = process;
        process = null;
        world.trace().say(name(), "loses power");
        if (running != null) {
            running.die(false);
        }
        try {
            disk.cutPower();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tainted |= loses;
    }

    /** The disk is replaced by an empty one. */
    void wipe() {
        kill("is killed, its disk replaced");
        try {
            disk.wipe(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        rot.forget();
        tainted = true;
    }

    /** The process has ended by itself. */
    void stopped() {
        world.trace().say(name(), "has stopped");
        process = null;
        disk.closeAll();
    }
}
