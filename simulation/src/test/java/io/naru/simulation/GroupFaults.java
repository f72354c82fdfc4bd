package io.naru.simulation;

import io.naru.cluster.PartitionImage;
import java.util.List;
import java.util.Random;

/** Breaks what a group stands on: coordinators, the leader of its offsets, members. */
final class GroupFaults {

    private final Simulation world;
    private final SimulatedGroup group;
    private final Faults faults;
    private final Random random;

    GroupFaults(Simulation world, SimulatedGroup group, Faults faults, Random random) {
        this.world = world;
        this.group = group;
        this.faults = faults;
        this.random = random;
    }

    /** Now and then; whether it has done something. */
    boolean something() {
        if (random.nextInt(5) >= 2) {
            return false;
        }
        CoordinatorMachine coordinator = coordinator();
        MemberMachine member =
                group.members().get(random.nextInt(group.members().size()));
        switch (random.nextInt(14)) {
            case 0, 1 -> {
                coordinator.kill();
                faults.later(6_000, coordinator::mend);
            }
            case 2, 3 -> {
                coordinator.pause();
                faults.later(9_000, coordinator::mend);
            }
            case 4 -> faults.isolate(coordinator.name());
            case 5, 6 -> cutFromControllers(coordinator);
            case 7 -> {
                boolean outward = random.nextBoolean();
                world.brokers()
                        .forEach(broker -> faults.cut(
                                outward ? coordinator.name() : broker.name(),
                                outward ? broker.name() : coordinator.name()));
            }
            case 8 -> killLeader();
            case 9 -> {
                coordinator.kill();
                faults.later(6_000, coordinator::mend);
                killLeader();
            }
            case 10 -> {
                member.kill();
                faults.later(6_000, member::mend);
            }
            case 11 -> {
                member.leave();
                faults.later(6_000, member::mend);
            }
            case 12 -> {
                member.pause();
                faults.later(9_000, member::mend);
            }
            default -> faults.isolate(member.name());
        }
        return true;
    }

    /** Mostly the one that matters. */
    private CoordinatorMachine coordinator() {
        List<CoordinatorMachine> all = group.coordinators();
        return random.nextInt(4) == 0
                ? all.get(random.nextInt(all.size()))
                : SimulatedGroup.coordinator(world.image(), group.groupId())
                        .map(owner -> group.coordinator(owner.id()))
                        .orElse(all.get(0));
    }

    /** It goes on serving, while its shards are given to the other one. */
    private void cutFromControllers(CoordinatorMachine coordinator) {
        world.admins().forEach(admin -> {
            faults.cut(coordinator.name(), admin.name());
            faults.cut(admin.name(), coordinator.name());
        });
    }

    private void killLeader() {
        int leader = SimulatedGroup.log(world.image(), group.groupId())
                .map(PartitionImage::leader)
                .orElse(PartitionImage.NO_LEADER);
        if (leader > 0) {
            faults.kill(world.broker(leader));
        }
    }

    /** Everything runs again. */
    void end() {
        group.coordinators().forEach(CoordinatorMachine::mend);
        group.members().forEach(MemberMachine::mend);
    }
}
