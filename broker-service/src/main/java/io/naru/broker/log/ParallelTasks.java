package io.naru.broker.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs many small disk jobs on a few threads of its own and waits for all of them. */
final class ParallelTasks {

    /** One job; it reports its own failures. */
    interface Task {
        void run();
    }

    private ParallelTasks() {}

    static void run(String name, int threads, List<Task> tasks, LogSettings.Progress progress) {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < Math.min(threads, tasks.size()); i++) {
            Thread worker = new Thread(
                    () -> {
                        for (int task = next.getAndIncrement(); task < tasks.size(); task = next.getAndIncrement()) {
                            tasks.get(task).run();
                            progress.loaded(done.incrementAndGet(), tasks.size());
                        }
                    },
                    name + "-" + i);
            worker.start();
            workers.add(worker);
        }
        workers.forEach(ParallelTasks::join);
    }

    private static void join(Thread worker) {
        boolean interrupted = false;
        while (true) {
            try {
                worker.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // the logs must not be left half open; the caller sees the interrupt afterwards
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
