package io.naru.simulation;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Netty's timer on the time of a process. */
final class SimulatedTimer implements Timer {

    private final SimulatedProcess process;

    SimulatedTimer(SimulatedProcess process) {
        this.process = process;
    }

    @Override
    public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
        Planned planned = new Planned(task);
        process.afterMs(unit.toMillis(delay), planned::expire);
        return planned;
    }

    @Override
    public Set<Timeout> stop() {
        return Set.of();
    }

    private final class Planned implements Timeout {

        private final TimerTask task;
        private boolean expired;
        private boolean cancelled;

        Planned(TimerTask task) {
            this.task = task;
        }

        private void expire() {
            if (cancelled) {
                return;
            }
            expired = true;
            try {
                task.run(this);
            } catch (Exception e) {
                throw new Violation("a timer's task failed", e);
            }
        }

        @Override
        public Timer timer() {
            return SimulatedTimer.this;
        }

        @Override
        public TimerTask task() {
            return task;
        }

        @Override
        public boolean isExpired() {
            return expired;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public boolean cancel() {
            boolean first = !expired && !cancelled;
            cancelled = true;
            return first;
        }
    }
}
