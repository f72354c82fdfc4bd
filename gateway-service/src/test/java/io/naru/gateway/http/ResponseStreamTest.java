package io.naru.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.HashedWheelTimer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ResponseStreamTest {

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final CountDownLatch writing = new CountDownLatch(1);

    /** A socket that fails in the middle of a write, seen by the container on another thread before the write is over. */
    private final class FailingOutput extends ServletOutputStream {

        private Thread container;

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {}

        @Override
        public void write(int b) throws IOException {
            writing.countDown();
            // Until the container waits for this write, or has not waited.
            while (container.getState() != Thread.State.TIMED_WAITING && container.isAlive()) {
                Thread.onSpinWait();
            }
            events.add("write is over");
            throw new IOException("broken pipe");
        }
    }

    /** The container gives the response to another request as soon as it has told of the failure. */
    @Test
    void theContainerIsNotDoneWithAFailureWhileAWriteGoesOn() throws Exception {
        HashedWheelTimer timer = new HashedWheelTimer();
        FailingOutput out = new FailingOutput();
        AsyncContext async = fake(AsyncContext.class, Map.of());
        HttpServletRequest request = fake(HttpServletRequest.class, Map.of("startAsync", async));
        HttpServletResponse response = fake(HttpServletResponse.class, Map.of("getOutputStream", out));
        Exchange exchange = new Exchange(request, response, Dialect.NATIVE, "id", timer, new StreamMemory(1 << 20));
        exchange.suspend();
        ResponseStream stream =
                ResponseStream.begin(exchange, 200, "text/plain", -1, () -> events.add("client has left"));
        out.container = new Thread(() -> {
            try {
                writing.await();
                stream.onError(new AsyncEvent(async, new IOException("broken pipe")));
                events.add("container goes on");
            } catch (InterruptedException e) {
                events.add("interrupted");
            }
        });
        out.container.start();
        stream.write(new byte[] {1}, 0, 1);
        out.container.join();
        assertThat(events)
                .containsSubsequence("write is over", "container goes on")
                .contains("client has left");
        assertThat(stream.isOver()).isTrue();
        timer.stop();
    }

    /** Answers some methods, and the others with nothing. */
    private static <T> T fake(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.getOrDefault(
                        method.getName(), method.getReturnType() == boolean.class ? Boolean.FALSE : null)));
    }
}
