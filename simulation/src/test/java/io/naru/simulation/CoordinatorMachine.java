package io.naru.simulation;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A machine on which a coordinator runs, or does not. */
final class CoordinatorMachine {

    private final Simulation world;
    private final int id;
    private final MachineClock clock;
    private final GroupLedger ledger;
    private final Random random;
    private @Nullable CoordinatorProcess process;

    CoordinatorMachine(Simulation world, int id, MachineClock clock, GroupLedger ledger, Random random) {
        this.world = world;
        this.id = id;
        this.clock = clock;
        this.ledger = ledger;
        this.random = random;
    }

    int id() {
        return id;
    }

    String name() {
        return "coordinator-" + id;
    }

    @Nullable
    CoordinatorProcess process() {
        return process;
    }

    void start() {
        if (process == null) {
            world.trace().say(name(), "starts");
            process = new CoordinatorProcess(
                    world,
                    id,
                    new SimulatedProcess(world.events(), name(), clock),
                    "run-" + random.nextLong(),
                    ledger,
                    new Random(random.nextLong()));
        }
    }

    void kill() {
        CoordinatorProcess running = process;
        if (running != null) {
            world.trace().say(name(), "is killed");
            process = null;
            running.die();
        }
    }

    void pause() {
        CoordinatorProcess running = process;
        if (running != null) {
            world.trace().say(name(), "is paused");
            running.process().pause();
        }
    }

    /** Runs, whatever was done to it. */
    void mend() {
        CoordinatorProcess running = process;
        if (running == null) {
            start();
        } else if (running.process().paused()) {
            world.trace().say(name(), "goes on");
            running.process().resume();
        }
    }
}
