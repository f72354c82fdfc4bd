package io.naru.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class NaruServiceIT {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path dir;

    private final List<ConfigurableApplicationContext> running = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        running.forEach(ConfigurableApplicationContext::close);
    }

    @Test
    void runFileTellsThePortsWhileTheServiceRuns() throws Exception {
        ConfigurableApplicationContext service = start("--management.server.port=0");
        JsonNode run = JSON.readTree(Files.readAllBytes(dir.resolve("probe.json")));
        assertThat(run.get("service").asString()).isEqualTo("probe");
        assertThat(run.get("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
        assertThat(run.get("kafka").asInt()).isEqualTo(4711);
        assertThat(run.get("http").asInt())
                .isEqualTo(port(service))
                .isNotEqualTo(run.get("management").asInt());
        assertThat(get(run.get("management").asInt(), "/actuator/health/readiness")
                        .body())
                .isEqualTo("{\"status\":\"UP\"}");
        service.close();
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void severalServicesStartAtOnceInOneProcess() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            CompletableFuture.allOf(Stream.of("a", "b", "c", "d")
                            .map(name -> CompletableFuture.runAsync(
                                    () -> running.add(NaruService.run(
                                            ProbeApplication.class, name, "--server.port=0", "--naru.run-dir=" + dir)),
                                    threads))
                            .toArray(CompletableFuture[]::new))
                    .join();
        } finally {
            threads.shutdown();
        }
        try (Stream<Path> files = Files.list(dir)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("a.json", "b.json", "c.json", "d.json");
        }
        for (ConfigurableApplicationContext service : running) {
            assertThat(get(port(service), "/actuator/health").statusCode()).isEqualTo(200);
        }
        assertThat(running.stream().map(NaruServiceIT::port).distinct()).hasSize(4);
    }

    @Test
    void infoSaysWhichServiceThisIs() throws Exception {
        ConfigurableApplicationContext service = start("--naru.data-dir=" + dir);
        JsonNode naru =
                JSON.readTree(get(port(service), "/actuator/info").body()).get("naru");
        assertThat(naru.get("service").asString()).isEqualTo("probe");
        assertThat(naru.at("/ports/http").asInt()).isEqualTo(port(service));
        assertThat(naru.get("data-dir").asString()).isEqualTo(dir.toString());
    }

    @Test
    void onlyTheNamedActuatorEndpointsAreThere() throws Exception {
        int port = port(start());
        for (String endpoint : List.of("health", "info", "prometheus", "metrics", "health/liveness")) {
            assertThat(get(port, "/actuator/" + endpoint).statusCode())
                    .as(endpoint)
                    .isEqualTo(200);
        }
        for (String endpoint : List.of("env", "heapdump", "beans", "configprops", "loggers", "shutdown")) {
            assertThat(get(port, "/actuator/" + endpoint).statusCode())
                    .as(endpoint)
                    .isEqualTo(404);
        }
    }

    @Test
    void errorsOfTheHandlersAreJsonInThePathsDialect() throws Exception {
        int port = port(start());
        HttpResponse<String> missing = get(port, "/v1/nothing");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(JSON.readTree(missing.body()).get("code").asInt()).isEqualTo(40400);
        assertThat(missing.headers().map()).doesNotContainKey("server");

        HttpResponse<String> missingV3 = get(port, "/v3/nothing");
        assertThat(missingV3.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(JSON.readTree(missingV3.body()).get("error_code").asInt()).isEqualTo(404);

        assertThat(JSON.readTree(get(port, "/internal/nothing").body())
                        .get("errorCode")
                        .asInt())
                .isEqualTo(-1);
        HttpResponse<String> boom = get(port, "/boom");
        assertThat(boom.statusCode()).isEqualTo(500);
        assertThat(boom.body()).contains("50000").doesNotContain("secret", "Exception", "<");
        HttpResponse<String> teapot = get(port, "/teapot");
        assertThat(teapot.statusCode()).isEqualTo(418);
        assertThat(JSON.readTree(teapot.body()).get("detail").asString()).isEqualTo("short and stout");
    }

    @Test
    void unreadableBodiesAreExplained() throws Exception {
        int port = port(start());
        assertThat(post(port, "{\"name\":\"a\",").body()).contains("not JSON");
        assertThat(post(port, "{\"name\":\"a\",\"count\":\"many\"}").body())
                .contains("/count")
                .contains("whole number")
                .doesNotContain("io.naru");
        assertThat(post(port, "").body()).contains("missing");
        HttpResponse<String> wrongMethod = get(port, "/v3/orders");
        assertThat(wrongMethod.statusCode()).isEqualTo(405);
        assertThat(wrongMethod.headers().firstValue("Allow")).hasValue("POST");
    }

    @Test
    void whatTheContainerRefusesIsJsonToo() throws Exception {
        int port = port(start());
        for (String request : List.of(
                "GET /..%2f..%2fetc HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /<x> HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /x\\y HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\ncontent-LENGTH: 5\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n")) {
            String answer = raw(port, request);
            assertThat(answer).as(request).startsWith("HTTP/1.1 400").doesNotContain("<html", "Tomcat", "at org.");
            String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
            assertThat(body.isEmpty() || JSON.readTree(body).get("status").asInt() == 400)
                    .as("%s → %s", request, body)
                    .isTrue();
        }
        String tooLarge = raw(port, "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");
        assertThat(tooLarge).contains("\"detail\":\"the headers").startsWith("HTTP/1.1 431");
        String tooMany = raw(port, "GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(200) + "\r\n");
        assertThat(tooMany).contains("more than 100 headers").startsWith("HTTP/1.1 431");
        String tooLong = raw(port, "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(tooLong).contains("the URI is longer").startsWith("HTTP/1.1 414");
    }

    @Test
    void aLogLineSaysWhatItIsAboutAndStaysOneLine() {
        start();
        LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
        OutputStreamAppender<ILoggingEvent> console = (OutputStreamAppender<ILoggingEvent>)
                logging.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("CONSOLE");
        LoggingEvent event = new LoggingEvent(
                "here", logging.getLogger("io.naru.Test"), Level.WARN, "a group\r\nWARN forged", null, null);
        assertThat(line(console, event)).endsWith(": a group  WARN forged" + System.lineSeparator());
        event.addKeyValuePair(new KeyValuePair("groupId", "readers\n\u001b[2J\u2028"));
        assertThat(line(console, event))
                .endsWith(": a group  WARN forged groupId=\"readers  [2J \"" + System.lineSeparator())
                .containsOnlyOnce("\n");
    }

    private static String line(OutputStreamAppender<ILoggingEvent> console, ILoggingEvent event) {
        return new String(console.getEncoder().encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void autoConfigurationIsWhatTheServiceNames() {
        assertThat(start().getBeanNamesForType(WebEndpointAutoConfiguration.class))
                .hasSize(1);
        assertThat(start().containsBean("applicationTaskExecutor")).isFalse();
        assertThat(start("--naru.autoconfigure=org.springframework.boot.autoconfigure.task")
                        .containsBean("applicationTaskExecutor"))
                .isTrue();
    }

    private ConfigurableApplicationContext start(String... args) {
        ConfigurableApplicationContext service = NaruService.run(
                ProbeApplication.class,
                "probe",
                Stream.concat(Stream.of("--naru.run-dir=" + dir), Stream.of(args))
                        .toArray(String[]::new));
        running.add(service);
        return service;
    }

    private static int port(ConfigurableApplicationContext service) {
        return service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(int port, String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v3/orders"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String raw(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(request.replace("Host: a\r\n", "Host: a\r\nConnection: close\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
