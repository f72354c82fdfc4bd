package io.naru.admin.v3;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.admin.AdminServer;
import io.naru.admin.FormedCluster;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths and methods that make no sense (H39 to H53 and H95 of the bad inputs), byte for byte, on admin-service's port. */
class BadPathsIT {

    private static AdminServer admin;
    private static String cluster;

    @BeforeAll
    static void start(@TempDir Path dataDir) throws Exception {
        admin = new AdminServer(dataDir, "--naru.admin.session-timeout=10m");
        cluster = "/v3/clusters/" + FormedCluster.form(admin);
        admin.post(cluster + "/topics", "{\"topic_name\":\"t\"}");
    }

    @AfterAll
    static void stop() {
        admin.close();
    }

    private static String send(String method, String path, String headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", admin.url().getPort())) {
            String request =
                    method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + headers + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void refused(String answer, String statuses) {
        assertThat(answer).startsWith("HTTP/1.1 ");
        assertThat(statuses.split(" ")).as(answer).contains(answer.substring(9, 12));
        assertThat(answer.toLowerCase(java.util.Locale.ROOT)).contains("json").doesNotContain("<html", "exception");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | C/nonsense | 404",
                "GET | C/topics/..%2f..%2fetc | 400 404",
                "GET | /../../etc/passwd | 400 404",
                "GET | C/topics/%2e%2e/configs | 400 404",
                "GET | C/topics/a%00b | 400",
                "GET | C/topics/a%0d%0ab | 400 404",
                "GET | C/topics/%zz | 400",
                "GET | C/topics/t;x=1 | 400",
                "GET | C//topics//t | 404",
                "GET | C/topics/a\\b | 400",
                "GET | C/topics/<t> | 400",
                "GET | C/topics/. | 400 404",
                "GET | C/topics/a%20b | 404",
                "GET | C/topics/%c3%a9 | 404",
                "GET | C/topics/ | 404",
                "GET | C/topics/t/partitions/x | 400",
                "GET | C/topics/t/partitions/99999999999 | 400",
                "GET | C/topics/t/partitions/-1 | 404",
                "GET | C/brokers/1.5 | 400",
                "FOO | C/topics | 405 501 400",
                "TRACE | C/topics | 405",
                "CONNECT | C/topics | 400 405 501"
            })
    void whatMakesNoSenseIsRefusedInJson(String method, String path, String statuses) throws IOException {
        refused(send(method, path.replaceFirst("^C", cluster), ""), statuses);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /topics, 'GET,POST'",
        "PATCH, /topics/t/configs/flush.ms, 'GET,PUT,DELETE'",
        "GET, /topics/t/configs:alter, POST",
        "GET, /topics/t/records:delete, POST",
        "DELETE, /consumer-groups/g/offsets:reset, POST",
        "POST, /brokers/0, 'GET,DELETE'"
    })
    void otherMethodsAreTold(String method, String path, String allowed) throws IOException {
        String answer = send(method, cluster + path, "");
        refused(answer, "405");
        String allow = answer.lines()
                .filter(line -> line.startsWith("Allow:"))
                .findFirst()
                .orElse("");
        assertThat(allow).contains(allowed.split(","));
    }

    @Test
    void strangersFromOtherOriginsGetNoPermission() throws IOException {
        String answer = send(
                "OPTIONS",
                cluster + "/topics",
                "Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n");
        refused(answer, "403");
        assertThat(answer).doesNotContain("Access-Control-Allow-Origin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"env", "heapdump", "shutdown", "beans", "configprops", "loggers", "threaddump"})
    void whatManagementHidesIsNotThere(String endpoint) throws IOException {
        refused(send("GET", "/actuator/" + endpoint, ""), "401 404");
        refused(send("POST", "/actuator/" + endpoint, "Content-Length: 0\r\n"), "401 404 405");
    }
}
