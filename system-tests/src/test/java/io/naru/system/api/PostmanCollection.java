package io.naru.system.api;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A collection for Postman (format 2.1), made from the whole document: a request per operation in a folder per tag, with the document's
 * examples, in an order in which they work one after the other: what creates before what reads, deletions in a folder at the end.
 * Variables carry what one request learns (cluster, cursor, member) to those that follow.
 */
final class PostmanCollection {

    static final Path COMMITTED = Path.of("..", "docs", "api", "naru.postman_collection.json");

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> METHODS = List.of("put", "post", "get", "patch", "delete");

    private static final List<String> FIRST = List.of("Cluster", "Broker");

    /** What stands in the collection's variables at first. */
    private static final Map<String, String> VARIABLES = new LinkedHashMap<>();

    /** Which variable a path parameter is, where that is not its own name. */
    private static final Map<String, String> PARAMETERS = Map.of(
            "topic_name", "topic",
            "cluster", "cluster_id",
            "partition_id", "partition",
            "name", "config",
            "consumer_group_id", "group");

    /** What operations tell to those that follow: variable and where it is in the answer, in JavaScript. */
    private static final Map<String, Map<String, String>> LEARNED = Map.of(
            "listKafkaClusters", Map.of("cluster_id", "data[0].cluster_id"),
            "listKafkaBrokers", Map.of("broker_id", "data[0].broker_id"),
            "listKafkaChanges", Map.of("change_id", "data[0].change_id"),
            "listKafkaConsumers", Map.of("consumer_id", "data[0].consumer_id"),
            "poll", new TreeMap<>(Map.of("cursor", "cursor", "member", "member")));

    static {
        VARIABLES.put("baseUrl", "http://localhost:8080");
        VARIABLES.put("coordinator", "localhost:8082");
        VARIABLES.put("cluster_id", "");
        VARIABLES.put("topic", "greetings");
        VARIABLES.put("partition", "0");
        VARIABLES.put("offset", "0");
        VARIABLES.put("group", "readers");
        VARIABLES.put("v2_group", "readers-v2");
        VARIABLES.put("instance", "reader-1");
        VARIABLES.put("config", "retention.ms");
        VARIABLES.put("broker_config", "log.retention.ms");
        VARIABLES.put("broker_id", "1");
        VARIABLES.put("consumer_id", "");
        VARIABLES.put("change_id", "");
        VARIABLES.put("cursor", "");
        VARIABLES.put("member", "");
        VARIABLES.put("file", "swagger-ui.css");
    }

    private final ApiDescription description;

    PostmanCollection(ApiDescription description) {
        this.description = description;
    }

    private record Call(String path, String method, JsonNode operation) {
        /** A commit needs something that was read. */
        boolean isAfterReading() {
            return operation.get("operationId").asString().equals("v2Commit");
        }

        boolean deletes() {
            return method.equals("delete");
        }

        String tag() {
            return deletes() ? "Deletions" : operation.at("/tags/0").asString();
        }
    }

    /** The collection. */
    ObjectNode toJson() {
        ObjectNode collection = JSON.createObjectNode();
        ObjectNode info = collection.putObject("info");
        info.put("name", "Naru");
        info.put("description", "Made from docs/api/openapi.json by ./naru docs.");
        info.put("schema", "https://schema.getpostman.com/json/collection/v2.1.0/collection.json");
        ArrayNode folders = collection.putArray("item");
        Map<String, ArrayNode> byTag = new LinkedHashMap<>();
        // Others need what these tell.
        FIRST.forEach(tag -> folder(folders, byTag, tag));
        for (JsonNode tag : description.document().get("tags")) {
            if (FIRST.contains(tag.get("name").asString())) {
                continue;
            }
            folder(folders, byTag, tag.get("name").asString());
        }
        folder(folders, byTag, "Deletions");
        calls().forEach(call -> byTag.get(call.tag()).add(item(call)));
        folders.removeIf(folder -> folder.get("item").isEmpty());
        ArrayNode variables = collection.putArray("variable");
        VARIABLES.forEach((key, value) -> variables.addObject().put("key", key).put("value", value));
        return collection;
    }

    private static void folder(ArrayNode folders, Map<String, ArrayNode> byTag, String name) {
        byTag.put(name, folders.addObject().put("name", name).putArray("item"));
    }

    private List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        description
                .document()
                .get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(member -> METHODS.contains(member.getKey()))
                        .forEach(member -> calls.add(new Call(path.getKey(), member.getKey(), member.getValue()))));
        // Stable: as the document has them otherwise. What is deeper goes first, when deleted.
        calls.sort(
                Comparator.comparingInt((Call call) -> METHODS.indexOf(call.isAfterReading() ? "patch" : call.method()))
                        .thenComparingInt(call -> call.deletes() ? -call.path().length() : 0));
        return calls;
    }

    private ObjectNode item(Call call) {
        JsonNode operation = call.operation();
        ObjectNode item = JSON.createObjectNode();
        String id = operation.get("operationId").asString();
        item.put("name", operation.get("summary").asString());
        ArrayNode script = JSON.createArrayNode();
        LEARNED.getOrDefault(id, Map.of())
                .forEach((variable, place) -> script.add(
                        "pm.collectionVariables.set(\"" + variable + "\", pm.response.json()." + place + ");"));
        if (!script.isEmpty()) {
            ObjectNode event = item.putArray("event").addObject().put("listen", "test");
            event.putObject("script").put("type", "text/javascript").set("exec", script);
        }
        ObjectNode request = item.putObject("request");
        request.put("method", call.method().toUpperCase(Locale.ROOT));
        ArrayNode headers = request.putArray("header");
        accept(operation).ifPresent(type -> header(headers, "Accept", type));
        if (operation.has("requestBody")) {
            body(
                    request,
                    headers,
                    description.resolve(operation.get("requestBody")).get("content"));
        }
        request.set("url", url(call));
        if (operation.has("description")) {
            request.put("description", operation.get("description").asString());
        }
        item.putArray("response");
        return item;
    }

    private java.util.Optional<String> accept(JsonNode operation) {
        return operation.get("responses").properties().stream()
                .filter(response -> response.getKey().startsWith("2"))
                .flatMap(response -> description.resolve(response.getValue()).path("content").propertyNames().stream())
                .filter(type -> type.contains("json") && !type.contains("ndjson") && !type.contains("binary"))
                .findFirst();
    }

    private static void body(ObjectNode request, ArrayNode headers, JsonNode contents) {
        Map.Entry<String, JsonNode> content = contents.properties().iterator().next();
        header(headers, "Content-Type", content.getKey());
        JsonNode example = content.getValue().path("example").deepCopy();
        if (example instanceof ObjectNode object && object.has("cursor")) {
            object.put("cursor", "{{cursor}}");
        }
        ObjectNode body = request.putObject("body").put("mode", "raw");
        body.put("raw", example.isString() ? example.asString() : example.toPrettyString());
    }

    private static void header(ArrayNode headers, String name, String value) {
        headers.addObject().put("key", name).put("value", value);
    }

    private ObjectNode url(Call call) {
        ObjectNode url = JSON.createObjectNode();
        String server = call.operation()
                .at("/servers/0/url")
                .asString("{{baseUrl}}")
                .replace("{coordinator}", "{{coordinator}}");
        StringBuilder path = new StringBuilder();
        ArrayNode segments = JSON.createArrayNode();
        for (String segment : call.path().substring(1).split("/", -1)) {
            String filled = filled(segment);
            if (call.path().startsWith("/consumers")) {
                // A group of its own: the one partition of the topic is held by the member that polled before.
                filled = filled.replace("{{group}}", "{{v2_group}}");
            }
            if (call.path().contains("/brokers/") || call.path().contains("/broker-configs/")) {
                filled = filled.replace("{{config}}", "{{broker_config}}");
            }
            segments.add(filled);
            path.append('/').append(filled);
        }
        url.put("raw", server + path);
        url.putArray("host").add(server);
        url.set("path", segments);
        ArrayNode query = JSON.createArrayNode();
        for (JsonNode parameter : call.operation().path("parameters")) {
            JsonNode its = description.resolve(parameter);
            if (its.get("in").asString().equals("query")) {
                ObjectNode entry = query.addObject();
                entry.put("key", its.get("name").asString());
                entry.put(
                        "value",
                        its.path("example").asString(its.at("/schema/default").asString("")));
                entry.put("disabled", !its.path("required").asBoolean(false));
                if (its.has("description")) {
                    entry.put("description", its.get("description").asString());
                }
            }
        }
        if (!query.isEmpty()) {
            url.set("query", query);
        }
        return url;
    }

    /** A segment with its parameter as a variable. */
    private static String filled(String segment) {
        int open = segment.indexOf('{');
        if (open < 0) {
            return segment;
        }
        int close = segment.indexOf('}');
        String name = segment.substring(open + 1, close);
        return segment.substring(0, open) + "{{" + PARAMETERS.getOrDefault(name, name) + "}}"
                + filled(segment.substring(close + 1));
    }
}
