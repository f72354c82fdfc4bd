package io.naru.simulation;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A machine on which a member of the group runs, or does not. */
final class MemberMachine {

    private final Simulation world;
    private final String name;
    private final MachineClock clock;
    private final SimulatedGroup group;
    private final Random random;
    private @Nullable GroupMember member;

    MemberMachine(Simulation world, String name, MachineClock clock, SimulatedGroup group, Random random) {
        this.world = world;
        this.name = name;
        this.clock = clock;
        this.group = group;
        this.random = random;
    }

    String name() {
        return name;
    }

    @Nullable
    GroupMember member() {
        return member;
    }

    void start() {
        if (member == null) {
            member = new GroupMember(
                    world, group, new SimulatedProcess(world.events(), name, clock), new Random(random.nextLong()));
        }
    }

    void kill() {
        GroupMember running = member;
        if (running != null) {
            world.trace().say(name, "is killed");
            running.process().end();
            member = null;
        }
    }

    /** Ends in good order: its partitions are others' at once. */
    void leave() {
        GroupMember running = member;
        if (running != null && !running.process().paused()) {
            world.trace().say(name, "leaves");
            running.leave();
            running.process().end();
            member = null;
        }
    }

    void pause() {
        GroupMember running = member;
        if (running != null) {
            world.trace().say(name, "is paused");
            running.process().pause();
        }
    }

    /** Runs, whatever was done to it. */
    void mend() {
        GroupMember running = member;
        if (running == null) {
            start();
        } else if (running.process().paused()) {
            world.trace().say(name, "goes on");
            running.process().resume();
        }
    }
}
