package io.naru.gateway.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MailboxTest {

    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void runsOneByOneInOrderOnAnyThread() throws InterruptedException {
        Mailbox mailbox = new Mailbox(threads);
        List<Integer> seen = new ArrayList<>();
        int count = 10_000;
        CountDownLatch done = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            int number = i;
            mailbox.submit(() -> {
                seen.add(number);
                done.countDown();
            });
        }
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(seen)
                .containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
    }

    @Test
    void taskThatFailsDoesNotStopTheRest() throws InterruptedException {
        Mailbox mailbox = new Mailbox(threads);
        CountDownLatch after = new CountDownLatch(1);
        mailbox.submit(() -> {
            throw new IllegalStateException("on purpose");
        });
        mailbox.submit(after::countDown);
        assertThat(after.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void taskMaySubmit() throws InterruptedException {
        Mailbox mailbox = new Mailbox(threads);
        CountDownLatch after = new CountDownLatch(1);
        mailbox.submit(() -> mailbox.submit(after::countDown));
        assertThat(after.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
