package io.naru.gateway.produce;

import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.Outcome;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.netty.util.Timer;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What requests that write have in common, whatever their API. */
public final class WriteManners {

    private final Timer timer;
    private final ProduceProperties properties;

    /** Manners as configured. */
    public WriteManners(Timer timer, ProduceProperties properties) {
        this.timer = timer;
        this.properties = properties;
    }

    /** The trace context to be kept with the records, if any. */
    public @Nullable TraceHeaders trace(HttpServletRequest request) {
        return TraceHeaders.of(request, properties.trace());
    }

    /** How long each record of a stream may take, {@code ?timeout=} in milliseconds; 0 when it is not given. */
    public long recordTimeMs(Exchange exchange) {
        long max = properties.deliveryTimeout().toMillis();
        return exchange.query().has("timeout") ? exchange.query().number("timeout", max, 1, max) : 0;
    }

    /** Calls {@code over} when so much time is over. */
    public void after(long ms, Runnable over) {
        timer.newTimeout(t -> over.run(), ms, TimeUnit.MILLISECONDS);
    }

    /** What is said of a record of which nobody knows in time. */
    public static Problem late(long ms) {
        return Problem.passing(
                        ProblemKind.NOT_AVAILABLE_NOW,
                        "not acknowledged within timeout=" + ms + "; it may still be written")
                .withOutcome(Outcome.UNKNOWN);
    }

    /**
     * Answers after {@code ?timeout=} milliseconds, if it is given, that nobody knows yet what becomes of the records. They may still be
     * written.
     */
    public void limitTime(Exchange exchange) {
        if (exchange.query().has("timeout")) {
            long ms = recordTimeMs(exchange);
            exchange.suspend();
            after(ms, () -> exchange.fail(late(ms)));
        }
    }
}
