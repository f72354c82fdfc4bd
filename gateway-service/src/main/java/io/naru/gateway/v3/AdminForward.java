package io.naru.gateway.v3;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.Outcome;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.RequestIds;
import io.naru.gateway.http.Route;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hands a call on to admin-service and its answer back, so that one base URL does everything. Another admin-service is asked when one
 * cannot be reached, or is not the active controller. Nothing waits on a thread.
 */
public final class AdminForward implements Route {

    /** JSON is UTF-8, whatever is asked for; admin-service has no answer to such a question. */
    private static final Pattern CHARSET = Pattern.compile(";\\s*charset=[^;,]*", Pattern.CASE_INSENSITIVE);

    private static final Duration TIME_MAX = Duration.ofSeconds(30);
    private static final int UNAVAILABLE = 503;
    private static final List<String> ASKED_WITH =
            List.of("Accept", "Content-Type", "If-Match", "If-None-Match", "User-Agent", "traceparent", "tracestate");
    private static final List<String> ANSWERED_WITH =
            List.of("Location", "Link", "ETag", "Allow", "Retry-After", "Cache-Control");

    private final List<URI> admins;
    private final BodyReader bodies;
    private final HttpClient http;
    private final AtomicInteger current = new AtomicInteger();

    /** Hands calls on to one of {@code admins}. */
    public AdminForward(List<URI> admins, BodyReader bodies, Executor workers) {
        this.admins = List.copyOf(admins);
        this.bodies = bodies;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .executor(workers)
                .build();
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        exchange.query(); // what cannot be read is refused here
        bodies.read(exchange, (bytes, length) -> {
            exchange.suspend();
            byte[] body = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
            ask(exchange, body, current.get(), admins.size());
        });
    }

    private void ask(Exchange exchange, byte[] body, int which, int left) {
        if (left == 0) {
            exchange.fail(unreachable(null).withOutcome(Outcome.NOT_WRITTEN));
            return;
        }
        URI admin = admins.get(Math.floorMod(which, admins.size()));
        HttpRequest request = request(exchange, admin, body);
        http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()).whenComplete((answer, error) -> {
            if (error == null) {
                if (left > 1 && isPassive(answer)) {
                    current.compareAndSet(which, which + 1);
                    ask(exchange, body, which + 1, left - 1);
                } else {
                    hand(exchange, answer);
                }
                return;
            }
            Throwable cause = error.getCause() == null ? error : error.getCause();
            if (cause instanceof ConnectException) {
                current.compareAndSet(which, which + 1);
                ask(exchange, body, which + 1, left - 1);
            } else {
                exchange.fail(unreachable(cause).withOutcome(Outcome.UNKNOWN));
            }
        });
    }

    /** Whether the admin-service is not the active controller, and has done nothing. */
    private static boolean isPassive(HttpResponse<byte[]> answer) {
        return answer.statusCode() == UNAVAILABLE
                && answer.headers().firstValue("Naru-Outcome").orElse("").equals("not-written");
    }

    private Problem unreachable(@Nullable Throwable cause) {
        return Problem.passing(
                ProblemKind.NO_ADMIN,
                "admin-service " + (cause == null ? "cannot be reached" : "did not answer (" + cause.getMessage() + ")")
                        + " at " + admins
                        + ". Check that it runs and that naru.gateway.admin-url names it; then retry");
    }

    private static HttpRequest request(Exchange exchange, URI admin, byte[] body) {
        HttpServletRequest asked = exchange.request();
        String query = asked.getQueryString();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        withoutSlash(admin.toString()) + asked.getRequestURI() + (query == null ? "" : "?" + query)))
                .timeout(TIME_MAX)
                .method(
                        asked.getMethod(),
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body))
                .header(RequestIds.HEADER, exchange.id())
                .header("X-Forwarded-For", asked.getRemoteAddr());
        CallerAddress.of(asked).headers(request);
        for (String name : ASKED_WITH) {
            String value = asked.getHeader(name);
            if (value != null) {
                request.header(
                        name, name.equals("Accept") ? CHARSET.matcher(value).replaceAll("") : value);
            }
        }
        return request.build();
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private static void hand(Exchange exchange, HttpResponse<byte[]> answer) {
        for (String name : ANSWERED_WITH) {
            answer.headers().firstValue(name).ifPresent(value -> exchange.header(name, value));
        }
        byte[] body = answer.body();
        if (body.length == 0) {
            exchange.answer(answer.statusCode());
            return;
        }
        String type = answer.headers().firstValue("Content-Type").orElse("application/json");
        exchange.answer(answer.statusCode(), type, new JsonOut(body.length).raw(body));
    }
}
