package io.naru.simulation;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A machine on which an admin-service runs, or does not. */
final class AdminMachine {

    private final EventQueue events;
    private final String name;
    private final MachineClock clock;
    private final MetadataDatabase database;
    private final Supplier<String> topicIds;
    private final Trace trace;
    private @Nullable ControllerProcess process;

    AdminMachine(
            EventQueue events,
            String name,
            MachineClock clock,
            MetadataDatabase database,
            Supplier<String> topicIds,
            Trace trace) {
        this.events = events;
        this.name = name;
        this.clock = clock;
        this.database = database;
        this.topicIds = topicIds;
        this.trace = trace;
    }

    String name() {
        return name;
    }

    @Nullable
    ControllerProcess process() {
        return process;
    }

    void start() {
        if (process == null) {
            trace.say(name, "starts");
            process = new ControllerProcess(new SimulatedProcess(events, name, clock), database, topicIds, trace);
        }
    }

    void kill() {
        ControllerProcess running = process;
        if (running != null) {
            trace.say(name, "is killed");
            running.process().end();
            process = null;
        }
    }
}
