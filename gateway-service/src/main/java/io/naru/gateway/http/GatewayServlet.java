package io.naru.gateway.http;

import io.netty.util.Timer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * Where every call on a data path comes in: no MVC, no filters, no parameters parsed by anyone else. Cuts the path, finds the route, hands
 * it the exchange. Whatever a route throws is answered in the dialect of the path.
 */
public final class GatewayServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final Set<String> V2_PATHS = Set.of("topics", "consumers", "brokers", "admin");

    private final transient Router router;
    private final transient Cors cors;
    private final transient RequestIds ids;
    private final transient Timer timer;
    private final Dialect v2;
    private final transient StreamMemory streams;

    /**
     * A servlet for the routes of {@code router}.
     *
     * @param v2 how errors look under the paths of version 2
     */
    public GatewayServlet(Router router, Cors cors, RequestIds ids, Timer timer, Dialect v2, StreamMemory streams) {
        this.router = router;
        this.cors = cors;
        this.ids = ids;
        this.timer = timer;
        this.v2 = v2;
        this.streams = streams;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String uri = request.getRequestURI();
        Exchange exchange = new Exchange(
                request, response, dialect(uri), ids.of(request.getHeader(RequestIds.HEADER)), timer, streams);
        try {
            String origin = request.getHeader("Origin");
            if (origin != null) {
                cors.admit(exchange, origin);
            }
            List<String> segments = RequestPath.parse(uri);
            exchange.segments(segments);
            String method = request.getMethod();
            if (method.equals("OPTIONS")) {
                cors.options(exchange, router.methods(segments));
            } else {
                router.find(method, segments, exchange).handle(exchange);
            }
        } catch (RuntimeException | IOException e) {
            exchange.fail(e);
        }
    }

    /** By the first segment as it stands, so that a path which cannot be parsed is refused in its own dialect, too. */
    private Dialect dialect(String uri) {
        int end = uri.indexOf('/', 1);
        String first = uri.isEmpty() ? "" : uri.substring(1, end < 0 ? uri.length() : end);
        return first.equals("v3") ? Dialect.CONFLUENT_V3 : V2_PATHS.contains(first) ? v2 : Dialect.NATIVE;
    }
}
