package io.naru.gateway.fake;

import io.naru.gateway.GatewayApplication;
import io.naru.service.NaruService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole gateway on a free port in front of some broker, and a plain HTTP client for it. */
public final class RunningGateway implements AutoCloseable {

    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private RunningGateway(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /**
     * Starts a gateway and waits until it is ready.
     *
     * @param properties {@code --name=value}
     */
    public static RunningGateway start(String bootstrap, String... properties) {
        List<String> args = new ArrayList<>(List.of(
                "--naru.gateway.port=0", "--naru.gateway.management-port=0", "--naru.gateway.bootstrap=" + bootstrap));
        args.addAll(List.of(properties));
        RunningGateway gateway =
                new RunningGateway(NaruService.run(GatewayApplication.class, "gateway", args.toArray(String[]::new)));
        gateway.awaitReady();
        return gateway;
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() - deadline < 0) {
            if (managementStatus("/actuator/health/readiness") == 200) {
                return;
            }
            Thread.onSpinWait();
        }
        throw new IllegalStateException("the gateway is not ready after 20 s");
    }

    /** Status of a call to the management port. */
    public int managementStatus(String path) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort() + path))
                        .build())
                .statusCode();
    }

    /** The port for records. */
    public int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** The port for health. */
    public int managementPort() {
        return context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
    }

    /** A bean of the gateway's. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** The URI of a path. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** The client. */
    public HttpClient http() {
        return http;
    }

    /** GET. */
    public HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).build());
    }

    /** POST. */
    public HttpResponse<String> post(String path, String body, String... headers) {
        return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** POST. */
    public HttpResponse<String> post(String path, byte[] body, String... headers) {
        return send(request(path, headers)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    /** Any method. */
    public HttpResponse<String> method(String method, String path, String body, String... headers) {
        return send(request(path, headers)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
        return headers.length == 0 ? builder : builder.headers(headers);
    }

    /** Sends any request. */
    public HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A connection to write to byte by byte; reads time out after 20 s. */
    public Socket socket() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Sends bytes and returns everything that comes until the gateway closes. */
    public String raw(String request) throws IOException {
        try (Socket socket = socket()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
