package io.naru.gateway.http;

import io.naru.gateway.format.JsonOut;
import io.naru.service.http.UnreadBody;
import io.netty.util.Timer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its one answer. The container's thread owns it until {@link #suspend()}; after that whoever answers first. What
 * comes second is dropped, so time limits and answers need not know of each other. Once answered, neither request nor response is
 * touched: the container uses them again.
 */
public final class Exchange {

    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    private static final int PROBLEM_BYTES = 512;

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Dialect dialect;
    private final String id;
    private final Timer timer;
    private final StreamMemory streamMemory;
    private final AtomicBoolean answered = new AtomicBoolean();
    private List<String> segments = List.of();
    private @Nullable Query query;
    private volatile @Nullable AsyncContext async;
    private volatile @Nullable ResponseStream outlet;
    private @Nullable MemoryBudget budget;
    private int reserved;
    private @Nullable Outcome outcomeOnFailure;
    private volatile boolean readsBody;
    private boolean streams;
    private @Nullable RouteTimes times;
    private long startNanos;

    /** An exchange for a request that is called {@code id}. */
    Exchange(
            HttpServletRequest request,
            HttpServletResponse response,
            Dialect dialect,
            String id,
            Timer timer,
            StreamMemory streamMemory) {
        this.request = request;
        this.response = response;
        this.dialect = dialect;
        this.id = id;
        this.timer = timer;
        this.streamMemory = streamMemory;
        response.setHeader(RequestIds.HEADER, id);
    }

    /** Has its time taken from here until it is complete. */
    void measure(RouteTimes by) {
        times = by;
        startNanos = System.nanoTime();
    }

    /** The path, once it has been cut. */
    void segments(List<String> cut) {
        segments = cut;
    }

    /** What the request is called, in logs and in its answer. */
    public String id() {
        return id;
    }

    /** The raw request. Parameters are not to be read through it: that would eat form bodies. */
    public HttpServletRequest request() {
        return request;
    }

    /** The raw response, for {@link ResponseStream}. */
    HttpServletResponse response() {
        return response;
    }

    /** Shared by all that is streamed. */
    StreamMemory streamMemory() {
        return streamMemory;
    }

    /** A decoded segment of the path, from 0. */
    public String segment(int i) {
        return segments.get(i);
    }

    /** The query, parsed when first asked for. */
    public Query query() {
        Query known = query;
        if (known == null) {
            known = Query.parse(request.getQueryString());
            query = known;
        }
        return known;
    }

    /** Every failure from here on says that nothing was written, unless it says otherwise itself. */
    public void isWrite() {
        outcomeOnFailure = Outcome.NOT_WRITTEN;
    }

    /**
     * Lets the container's thread go before there is an answer. Has no time limit of its own. From here on an answer may come from
     * an event loop, and a client that does not take it must not stop that: nothing is written but what the socket takes.
     */
    public void suspend() {
        if (async == null) {
            AsyncContext started = request.startAsync();
            started.setTimeout(0);
            async = started;
            outlet = ResponseStream.attach(this, started);
        }
    }

    /** Where a suspended exchange is answered. */
    @Nullable
    ResponseStream outlet() {
        return outlet;
    }

    /** Sets a response header; only before the answer. */
    public Exchange header(String name, String value) {
        if (!answered.get()) {
            response.setHeader(name, value);
        }
        return this;
    }

    /** Whether an answer was given or begun. */
    public boolean isAnswered() {
        return answered.get();
    }

    /** Answers with a short body. */
    public void answer(int status, String contentType, JsonOut body) {
        answer(status, contentType, body.array(), 0, body.length());
    }

    /** Answers with a short body, which is not to be changed any more. */
    public void answer(int status, String contentType, byte[] body, int offset, int length) {
        if (answered.compareAndSet(false, true)) {
            closeIfBodyIsLeft();
            send(status, contentType, body, offset, length);
        }
    }

    private void send(int status, String contentType, byte[] body, int offset, int length) {
        ResponseStream suspended = outlet;
        try {
            response.setStatus(status);
            response.setContentType(contentType);
            response.setContentLength(length);
            if (suspended != null) {
                suspended.write(body, offset, length);
                suspended.finish();
                return;
            }
            response.getOutputStream().write(body, offset, length);
        } catch (IOException | IllegalStateException gone) {
            // The client has left; there is nobody to tell.
            log.atDebug().addKeyValue("cause", gone.toString()).log("Could not send an answer");
        }
        complete();
    }

    /** Answers without a body. */
    public void answer(int status) {
        if (answered.compareAndSet(false, true)) {
            closeIfBodyIsLeft();
            response.setStatus(status);
            complete();
        }
    }

    /** Takes the answer for a stream, which from then on completes it. False when there is an answer already. */
    boolean begin() {
        if (!answered.compareAndSet(false, true)) {
            return false;
        }
        streams = true;
        if (!readsBody) {
            closeIfBodyIsLeft();
        }
        return true;
    }

    /** Somebody has taken the body and listens for it. */
    public void readsBody() {
        readsBody = true;
        if (request.getHeader("Expect") != null) {
            UnreadBody.ask(request);
        }
    }

    private void closeIfBodyIsLeft() {
        if (UnreadBody.isLeft(request)) {
            response.setHeader("Connection", "close");
            UnreadBody.giveUp(request);
        }
    }

    /** Gives the request back to the container. */
    void complete() {
        RouteTimes measuring = times;
        if (measuring != null) {
            times = null;
            measuring.record(response.getStatus(), System.nanoTime() - startNanos);
        }
        MemoryBudget from = budget;
        if (from != null) {
            from.release(reserved);
            budget = null;
        }
        if (streams && readsBody) {
            UnreadBody.cut(request);
        }
        AsyncContext started = async;
        if (started != null) {
            try {
                started.complete();
            } catch (IllegalStateException over) {
                log.atDebug().addKeyValue("cause", over.toString()).log("The container ended a request first");
            }
        }
    }

    /** Holds memory until the answer; false when there is none. Only from the thread that reads the body. */
    public boolean reserve(MemoryBudget from, int bytes) {
        if (!from.tryReserve(bytes)) {
            return false;
        }
        MemoryBudget before = budget;
        if (before != null && before != from) {
            // The body has been dealt with when its answer needs memory.
            before.release(reserved);
            reserved = 0;
        }
        budget = from;
        reserved += bytes;
        return true;
    }

    /** A problem as it is sent. */
    record Failure(int status, String contentType, int retryAfterSeconds, JsonOut body) {

        void apply(HttpServletResponse response) {
            response.setStatus(status);
            response.setContentType(contentType);
            if (retryAfterSeconds > 0) {
                response.setHeader("Retry-After", Integer.toString(retryAfterSeconds));
            }
        }
    }

    Failure failure(Problem problem) {
        Outcome byDefault = outcomeOnFailure;
        Problem told = byDefault == null ? problem : problem.withOutcome(byDefault);
        JsonOut body = new JsonOut(PROBLEM_BYTES);
        dialect.write(told, body);
        body.put('\n');
        boolean passes = told.retryAfterSeconds() > 0 && told.kind().status() >= 429;
        return new Failure(told.kind().status(), dialect.contentType(), passes ? told.retryAfterSeconds() : 0, body);
    }

    /** Answers with a problem. What the client still sends is read away first, for a while, so that the answer reaches it. */
    public void fail(Problem problem) {
        Failure failure = failure(problem);
        if (failure.retryAfterSeconds() > 0) {
            header("Retry-After", Integer.toString(failure.retryAfterSeconds()));
        }
        if (readsBody || request.getHeader("Expect") != null || !UnreadBody.isLeft(request)) {
            answer(failure.status(), failure.contentType(), failure.body());
            return;
        }
        if (!answered.compareAndSet(false, true)) {
            return;
        }
        suspend();
        try {
            ServletInputStream in = request.getInputStream();
            in.setReadListener(new LeftoverBody(in, timer, () -> {
                closeIfBodyIsLeft();
                send(
                        failure.status(),
                        failure.contentType(),
                        failure.body().array(),
                        0,
                        failure.body().length());
            }));
        } catch (IOException | IllegalStateException gone) {
            log.atDebug().addKeyValue("cause", gone.toString()).log("Could not read away a body");
            complete();
        }
    }

    /** Answers with a problem after the reader of the body has read away the rest of it. */
    LeftoverBody failAfterRest(ServletInputStream in, Problem problem) {
        return new LeftoverBody(in, timer, () -> fail(problem));
    }

    /** Answers with whatever an exception stands for. */
    public void fail(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof ProblemException known) {
            fail(known.problem());
            return;
        }
        if (cause instanceof IOException) {
            fail(Problem.of(ProblemKind.BAD_BODY, "the request could not be read to its end"));
            return;
        }
        Problem problem = KafkaProblems.of(cause);
        if (problem.kind() == ProblemKind.INTERNAL) {
            log.atError()
                    .setCause(cause)
                    .addKeyValue("path", segments)
                    .addKeyValue("requestId", id)
                    .log("A request failed for a mistake of ours");
        }
        fail(problem);
    }
}
