package io.naru.system.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the check lets through and what it finds. */
class ConformanceTest {

    private static final String SSE = "text/event-stream";

    private static final String WRITTEN = "{\"topic\":\"t\",\"partition\":0,\"offset\":7,\"timestamp\":1}";

    @Test
    void answersAsDescribedPass() {
        check("POST", "/v1/topics/t/records?key=k", 201, "application/json", WRITTEN);
        check("POST", "/v1/topics/t/records", 200, "application/x-ndjson", "{\"partition\":0,\"offset\":1}\n");
        check("GET", "/v1/topics/t/records", 200, "application/x-ndjson", "");
        check("GET", "/v1/topics/t/partitions/0/records", 200, "application/json", "[\n]\n");
        check("GET", "/topics", 200, "application/vnd.kafka.v2+json", "[\"a\",\"b\"]");
        check("DELETE", "/v1/topics/t", 204, null, "");
        check("GET", "/nowhere", 404, "application/problem+json", problem("\"retriable\":false"));
        check("GET", "/actuator/health", 200, "application/json", "{\"status\":\"UP\"}");
    }

    @Test
    void whatIsNotDescribedIsFound() {
        String path = "/v1/topics/t/records";
        finds("offset", "POST", path, 201, "application/json", WRITTEN.replace("offset", "position"));
        finds("more", "POST", path, 201, "application/json", WRITTEN.replace("}", ",\"more\":1}"));
        finds("integer", "POST", path, 201, "application/json", WRITTEN.replace("7", "\"7\""));
        finds("status 206", "POST", path, 206, "application/json", WRITTEN);
        finds("text/plain", "POST", path, 201, "text/plain", WRITTEN);
        finds("no body", "POST", path, 201, "application/json", "");
        finds("not JSON", "POST", path, 201, "application/json", "{\"topic\":");
        finds("retryable", "GET", path, 500, "application/problem+json", problem("\"retryable\":false"));
        finds("text/html", "GET", path, 400, "text/html", "<h1>Bad Request</h1>");
        finds("not described", "GET", "/nowhere", 200, "application/json", "{}");
    }

    @Test
    void everyLineOfAStreamIsHeldAgainstTheSchema() {
        String record = "{\"topic\":\"t\",\"partition\":0,\"offset\":7,\"timestamp\":1,\"key\":null,\"value\":\"v\"}\n";
        check("GET", "/v1/topics/t/records", 200, "application/x-ndjson", record + record);
        finds(
                "value",
                "GET",
                "/v1/topics/t/records",
                200,
                "application/x-ndjson",
                record + record + record.replace("value", "valeu"));
    }

    @Test
    void everyEventOfAStreamIsHeldAgainstTheSchemaOfItsLine() {
        String record =
                "id: 0:8\ndata: {\"topic\":\"t\",\"partition\":0,\"offset\":7,\"timestamp\":1,\"key\":null,\"value\":1}\n\n";
        String cursor = "id: c\nevent: cursor\ndata: {\"cursor\":\"c\"}\n\n";
        String path = "/v1/groups/g/records";
        check("GET", "/v1/topics/t/records", 200, SSE, ": still here\n\n" + record + "event: closing\ndata: {}\n\n");
        check("GET", path, 200, SSE, record + cursor);
        check("GET", path, 200, "application/x-ndjson", "\n{\"event\":\"cursor\",\"cursor\":\"c\"}\n");
        finds("one and only one schema", "GET", path, 200, SSE, cursor + record.replace("value", "valeu"));
        finds("event", "GET", path, 200, SSE, cursor.replace("event: cursor", "event: cruise"));
        finds("not JSON", "GET", path, 200, SSE, record.replace("}", ""));
    }

    @Test
    void groupsAreDescribedFieldByField() {
        String group = "{\"group\":\"g\",\"type\":\"classic\",\"state\":\"Stable\",\"assignor\":\"range\",\"lag\":0,"
                + "\"lag_seconds\":0.0,\"members\":[],\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"committed\":null,"
                + "\"end\":8,\"lag\":null,\"lag_seconds\":null,\"member\":null}]}\n";
        check("GET", "/v1/groups/g", 200, "application/json", group);
        finds("'type' not found", "GET", "/v1/groups/g", 200, "application/json", group.replace("type", "kind"));
        finds("'end' not found", "GET", "/v1/groups/g", 200, "application/json", group.replace("\"end", "\"ent"));
        check("GET", "/v1/groups", 200, "application/json", "{\"groups\":[]}");
        finds("groups", "GET", "/v1/groups", 200, "application/json", "{}");
    }

    private static String problem(String rest) {
        return "{\"status\":404,\"code\":40400,\"title\":\"Not found\",\"detail\":\"no such path\"," + rest + "}";
    }

    private static void check(String method, String path, int status, @Nullable String type, String body) {
        Conformance.check(new Conformance.Answer(method, path, status, type, body));
    }

    private static void finds(String what, String method, String path, int status, String type, String body) {
        assertThatThrownBy(() -> check(method, path, status, type, body))
                .isInstanceOf(AssertionError.class)
                .satisfies(
                        found -> assertThat(found.getMessage().lines().skip(1).findFirst())
                                .hasValueSatisfying(line -> assertThat(line).contains(what)));
    }
}
