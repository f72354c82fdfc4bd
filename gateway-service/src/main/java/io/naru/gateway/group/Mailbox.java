package io.naru.gateway.group;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what concerns one member one by one, in the order it came, on threads that all members share. Thread-safe. */
final class Mailbox {

    private static final Logger log = LoggerFactory.getLogger(Mailbox.class);

    /** Lets other members have their turn now and then. */
    private static final int AT_ONCE = 32;

    private final Executor threads;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    Mailbox(Executor threads) {
        this.threads = threads;
    }

    void submit(Runnable task) {
        tasks.add(task);
        if (count.getAndIncrement() == 0) {
            start();
        }
    }

    private void start() {
        try {
            threads.execute(this::run);
        } catch (RejectedExecutionException closing) {
            log.atDebug().addKeyValue("cause", closing.toString()).log("A member's task came after the gateway's end");
        }
    }

    private void run() {
        for (int done = 1; ; done++) {
            Runnable task = tasks.poll();
            if (task != null) {
                try {
                    task.run();
                } catch (RuntimeException | StackOverflowError e) {
                    log.atError().setCause(e).log("A member's task failed for a mistake of ours");
                }
            }
            if (count.decrementAndGet() == 0) {
                return;
            }
            if (done >= AT_ONCE) {
                start();
                return;
            }
        }
    }
}
