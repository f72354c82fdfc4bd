package io.naru.system.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds answers against the committed documents: the status is described for the call, its content type is described for the status, and
 * the body is as the schema says; of a stream, every line or every value. The gateway and the coordinator describe some of the same
 * paths: an answer has to be as one of them says.
 */
public final class Conformance {

    private static final Conformance COMMITTED = new Conformance(List.of(
            ApiDescription.committed("openapi.json"),
            ApiDescription.committed("coordinator-openapi.json"),
            ApiDescription.committed("admin-openapi.json")));

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String NDJSON = "application/x-ndjson";
    private static final String SSE = "text/event-stream";
    private static final Pattern EVENT_END = Pattern.compile("\n\n");

    private final List<Described> services;

    private record Described(ApiDescription description, AnswerSchemas schemas) {}

    /**
     * An answer and what was asked.
     *
     * @param path with or without a query
     * @param type the content type, or null or empty when there is none
     */
    public record Answer(
            String method,
            String path,
            int status,
            @Nullable String type,
            String body) {}

    Conformance(List<ApiDescription> descriptions) {
        services = descriptions.stream()
                .map(description -> new Described(description, new AnswerSchemas(description.document())))
                .toList();
    }

    /**
     * Passes if {@code answer} is as the documents say, or is of no concern to them (actuator, control plane).
     *
     * @throws AssertionError naming what is not
     */
    public static void check(Answer answer) {
        List<String> violations = COMMITTED.violations(answer);
        if (!violations.isEmpty()) {
            throw new AssertionError(
                    "the answer is not as docs/api says: " + answer.method() + " " + answer.path() + " → "
                            + answer.status() + " " + answer.type() + "\n  " + String.join("\n  ", violations) + "\n  "
                            + shortened(answer.body()));
        }
    }

    /** What is wrong with an answer; empty if nothing is. */
    List<String> violations(Answer answer) {
        String path = answer.path().replaceAll("[?#].*", "");
        if (Set.of("OPTIONS", "HEAD").contains(answer.method())
                || path.startsWith("/actuator")
                || path.startsWith("/internal")
                || path.startsWith("/swagger-ui")) {
            return List.of();
        }
        List<String> all = new ArrayList<>();
        boolean described = false;
        for (Described service : services) {
            Optional<String> template = service.description.template(path);
            JsonNode operation = template.map(t -> service.description.operation(t, answer.method()))
                    .orElse(null);
            if (operation != null) {
                described = true;
                List<String> violations = violations(service, operation, answer);
                if (violations.isEmpty()) {
                    return violations;
                }
                all.addAll(violations);
            }
        }
        return described ? all : violationsOfUnknownCall(answer);
    }

    /** What nobody describes is refused, in words that are described. */
    private List<String> violationsOfUnknownCall(Answer answer) {
        if (answer.status() < 400) {
            return List.of("the call is not described, and was answered");
        }
        Described gateway = services.get(0);
        String name = bare(answer.type()).equals("application/problem+json") ? "Problem" : "Error";
        JsonNode response = gateway.description.document().at("/components/responses/" + name);
        return content(gateway, response, answer);
    }

    private static List<String> violations(Described service, JsonNode operation, Answer answer) {
        JsonNode responses = operation.get("responses");
        JsonNode response = responses.get(Integer.toString(answer.status()));
        if (response == null && answer.status() >= 400) {
            response = responses.get("default");
        }
        if (response == null) {
            return List.of("status " + answer.status() + " is not described for "
                    + operation.path("operationId").asString());
        }
        return content(service, service.description.resolve(response), answer);
    }

    private static List<String> content(Described service, JsonNode response, Answer answer) {
        JsonNode contents = response.path("content");
        if (answer.body().isEmpty()) {
            return contents.isEmpty()
                            || bare(answer.type()).equals(NDJSON)
                            || bare(answer.type()).equals(SSE)
                    ? List.of()
                    : List.of("there is no body");
        }
        String type = bare(answer.type());
        JsonNode content = contents.has(type) ? contents.get(type) : contents.get("*/*");
        if (type.equals(SSE) && content != null) {
            content = contents.get(NDJSON); // an event is a line in another dress
        }
        if (content == null) {
            return List.of(
                    "content type " + type + " is not described for the status, only " + contents.propertyNames());
        }
        JsonNode schema = content.path("schema");
        List<String> violations = new ArrayList<>();
        try {
            for (JsonNode value : values(type, answer.body())) {
                violations.addAll(service.schemas.violations(schema, value));
            }
        } catch (JacksonException e) {
            violations.add("the body is not JSON: " + e.getMessage());
        }
        return violations;
    }

    /** The JSON values of a body: one, or one after the other; none of what is no JSON. */
    private static List<JsonNode> values(String type, String body) {
        if (type.equals(SSE)) {
            return events(body);
        }
        if (!type.equals(NDJSON) && !type.equals("application/json") && !type.endsWith("+json")) {
            return List.of();
        }
        List<JsonNode> values = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(body)) {
            while (parser.nextToken() != null) {
                values.add(JSON.readTree(parser));
            }
        }
        return values;
    }

    /** The data of each event that has some, with the event's name as field {@code event}: so a stream of lines says the same. */
    private static List<JsonNode> events(String body) {
        List<JsonNode> values = new ArrayList<>();
        for (String event : EVENT_END.splitAsStream(body).toList()) {
            String name = null;
            StringBuilder data = new StringBuilder();
            for (String line : event.lines().toList()) {
                if (line.startsWith("event: ")) {
                    name = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    data.append(line.substring("data: ".length())).append('\n');
                } else if (!line.startsWith(":") && !line.startsWith("id: ") && !line.startsWith("retry: ")) {
                    throw new AssertionError("no field of an event: " + line);
                }
            }
            if (!data.isEmpty()) {
                JsonNode value = JSON.readTree(data.toString());
                if (name != null && value instanceof ObjectNode object) {
                    object.put("event", name);
                }
                values.add(value);
            }
        }
        return values;
    }

    private static String bare(@Nullable String type) {
        return type == null ? "" : type.replaceAll(";.*", "").strip();
    }

    private static String shortened(String text) {
        return text.length() <= 1_000 ? text : text.substring(0, 1_000) + "…";
    }
}
