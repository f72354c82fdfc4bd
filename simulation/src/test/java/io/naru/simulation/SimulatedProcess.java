package io.naru.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * One run of a program. What it has planned ends with it, and waits while it is paused (SIGSTOP, a long collection of garbage): the
 * world goes on meanwhile, and its clocks with it.
 */
final class SimulatedProcess implements Executor {

    private final EventQueue events;
    private final String name;
    private final MachineClock clock;
    private final List<Runnable> waiting = new ArrayList<>();
    private BooleanSupplier doomed = () -> false;
    private Runnable onDoom = () -> {};
    private Runnable afterEach = () -> {};
    private boolean alive = true;
    private boolean paused;

    SimulatedProcess(EventQueue events, String name, MachineClock clock) {
        this.events = events;
        this.name = name;
        this.clock = clock;
    }

    /** Once {@code doomed} says so the process is gone, even in the middle of an event; {@code onDoom} runs after that event. */
    void doomedWhen(BooleanSupplier doomed, Runnable onDoom) {
        this.doomed = doomed;
        this.onDoom = onDoom;
    }

    /** Runs after every event of this process. */
    void afterEach(Runnable check) {
        afterEach = check;
    }

    String name() {
        return name;
    }

    MachineClock clock() {
        return clock;
    }

    boolean alive() {
        return alive && !doomed.getAsBoolean();
    }

    boolean paused() {
        return paused;
    }

    @Override
    public void execute(Runnable task) {
        after(0, task);
    }

    /** Runs {@code task} after a delay by this machine's clock. */
    void afterMs(long delayMs, Runnable task) {
        after(clock.worldUs(delayMs), task);
    }

    void after(long delayUs, Runnable task) {
        events.after(delayUs, () -> run(task));
    }

    void every(long ms, Runnable task) {
        afterMs(ms, () -> {
            task.run();
            every(ms, task);
        });
    }

    private void run(Runnable task) {
        if (!alive()) {
            return;
        }
        if (paused) {
            waiting.add(task);
            return;
        }
        try {
            task.run();
        } catch (RuntimeException e) {
            if (alive()) {
                throw new Violation(name + " failed in a way nobody foresaw", e);
            }
        }
        if (alive && doomed.getAsBoolean()) {
            onDoom.run();
        } else if (alive) {
            afterEach.run();
        }
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        List<Runnable> late = List.copyOf(waiting);
        waiting.clear();
        late.forEach(this::execute);
    }

    void end() {
        alive = false;
        waiting.clear();
    }
}
