package io.naru.gateway.docs;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** {@code /openapi}, {@code /openapi.yaml}, and Swagger UI at {@code /docs}. Nothing is read before it is first asked for. */
public final class DocsRoutes {

    private static final String WEBJAR = "/META-INF/resources/webjars/swagger-ui/";
    private static final String WEBJAR_POM = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";

    /** Files of Swagger UI that the page uses, and their types. */
    private static final Map<String, String> FILES = Map.of(
            "swagger-ui.css", "text/css",
            "swagger-ui-bundle.js", "text/javascript",
            "favicon-32x32.png", "image/png");

    private static final String SCRIPT = "window.ui=SwaggerUIBundle({url:'openapi',dom_id:'#ui',deepLinking:true});";
    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <title>Naru over HTTP</title>
              <link rel="icon" href="docs/favicon-32x32.png">
              <link rel="stylesheet" href="docs/swagger-ui.css">
            </head>
            <body>
              <div id="ui"></div>
              <script src="docs/swagger-ui-bundle.js"></script>
              <script src="docs/start.js"></script>
            </body>
            </html>
            """;

    private final Map<String, byte[]> loaded = new ConcurrentHashMap<>();
    private final boolean adminForwarded;

    /**
     * Routes that are not added yet.
     *
     * @param adminForwarded whether calls under {@code /v3} are handed on to an admin-service
     */
    public DocsRoutes(boolean adminForwarded) {
        this.adminForwarded = adminForwarded;
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.add("GET", "/openapi", exchange -> send(exchange, MediaTypes.JSON, "json", this::json))
                .add("GET", "/openapi.yaml", exchange -> send(exchange, "application/yaml", "yaml", this::yaml))
                .add("GET", "/docs", exchange -> {
                    exchange.header(
                            "Content-Security-Policy",
                            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:");
                    send(exchange, "text/html; charset=utf-8", "page", () -> PAGE.getBytes(StandardCharsets.UTF_8));
                })
                .add("GET", "/docs/*", this::file);
    }

    private void file(Exchange exchange) {
        String name = exchange.segment(1);
        if (name.equals("start.js")) {
            send(exchange, "text/javascript", name, () -> SCRIPT.getBytes(StandardCharsets.UTF_8));
            return;
        }
        String type = FILES.get(name);
        if (type == null) {
            throw Problem.of(ProblemKind.NO_SUCH_PATH, "there is no such file; the page is at /docs")
                    .exception();
        }
        exchange.header("Cache-Control", "max-age=86400");
        send(exchange, type, name, () -> resource(WEBJAR + version() + "/" + name));
    }

    private void send(Exchange exchange, String type, String name, Supplier<byte[]> content) {
        exchange.query().allow();
        byte[] bytes = loaded.computeIfAbsent(name, n -> content.get());
        exchange.suspend();
        exchange.answer(200, type, new JsonOut(bytes.length).raw(bytes));
    }

    private byte[] yaml() {
        return ApiDocument.toYaml(ApiDocument.whole(adminForwarded)).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] json() {
        return ApiDocument.whole(adminForwarded).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String version() {
        Properties pom = new Properties();
        try (InputStream in = open(WEBJAR_POM)) {
            pom.load(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return pom.getProperty("version");
    }

    private static byte[] resource(String name) {
        try (InputStream in = open(name)) {
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static InputStream open(String name) {
        InputStream in = DocsRoutes.class.getResourceAsStream(name);
        if (in == null) {
            throw new IllegalStateException(name + " is not on the class path");
        }
        return in;
    }
}
