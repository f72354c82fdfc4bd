package io.naru.system.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs a collection as Postman's runner would: one request after the other, with variables. Of scripts it knows the one statement that
 * {@link PostmanCollection} writes. Every answer is held against the documents.
 */
final class PostmanRun {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern VARIABLE = Pattern.compile("\\{\\{(\\w+)}}");
    private static final Pattern LEARNS = Pattern.compile(
            "pm\\.collectionVariables\\.set\\(\"(\\w+)\", pm\\.response\\.json\\(\\)\\.([\\w.\\[\\]]+)\\);");

    private final Map<String, String> variables = new HashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Consumer<RequestVariants.Valid> watcher;
    private final Predicate<String> described;

    PostmanRun() {
        this(request -> {}, type -> true);
    }

    /**
     * A run that is watched.
     *
     * @param watcher   is given each request to the gateway after it was answered, with all its parameters
     * @param described whether the documents have what is answered in this media type; they know one dialect of v2
     */
    PostmanRun(Consumer<RequestVariants.Valid> watcher, Predicate<String> described) {
        this.watcher = watcher;
        this.described = described;
    }

    /** What came of a request of the collection. */
    record Step(String folder, String name, int status, String answer) {}

    /** Runs {@code collection}; variables given here go before its own. */
    List<Step> run(JsonNode collection, Map<String, String> given) throws IOException, InterruptedException {
        collection
                .get("variable")
                .forEach(variable -> variables.put(
                        variable.get("key").asString(), variable.get("value").asString()));
        variables.putAll(given);
        List<Step> steps = new ArrayList<>();
        for (JsonNode folder : collection.get("item")) {
            for (JsonNode item : folder.get("item")) {
                HttpResponse<String> answer = send(item.get("request"));
                steps.add(new Step(
                        folder.get("name").asString(),
                        item.get("name").asString(),
                        answer.statusCode(),
                        answer.body()));
                learn(item, answer);
                if (item.at("/request/url/raw").asString().startsWith("{{baseUrl}}")) {
                    watcher.accept(valid(item.get("request")));
                }
            }
        }
        return steps;
    }

    private HttpResponse<String> send(JsonNode asked) throws IOException, InterruptedException {
        URI uri = URI.create(filled(asked.at("/url/raw").asString()) + query(asked.at("/url/query")));
        String method = asked.get("method").asString();
        JsonNode body = asked.at("/body/raw");
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        body.isMissingNode()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(filled(body.asString())));
        asked.get("header")
                .forEach(header -> request.header(
                        header.get("key").asString(), header.get("value").asString()));
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        String type = answer.headers().firstValue("Content-Type").orElse(null);
        if (type == null || described.test(type)) {
            Conformance.check(
                    new Conformance.Answer(method, uri.getRawPath(), answer.statusCode(), type, answer.body()));
        }
        return answer;
    }

    private RequestVariants.Valid valid(JsonNode asked) {
        List<Integer> variable = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        for (JsonNode part : asked.at("/url/path")) {
            if (part.asString().contains("{{")) {
                variable.add(parts.size());
            }
            parts.add(filled(part.asString()));
        }
        List<String> query = new ArrayList<>();
        asked.at("/url/query")
                .forEach(parameter -> query.add(parameter.get("key").asString() + "="
                        + filled(parameter.get("value").asString())));
        Map<String, String> headers = new HashMap<>();
        asked.get("header")
                .forEach(header -> headers.put(
                        header.get("key").asString(), header.get("value").asString()));
        JsonNode body = asked.at("/body/raw");
        return new RequestVariants.Valid(
                asked.get("method").asString(),
                "/" + String.join("/", parts),
                variable,
                query,
                headers.get("Accept"),
                headers.get("Content-Type"),
                body.isMissingNode() ? null : filled(body.asString()));
    }

    private String query(JsonNode parameters) {
        StringBuilder query = new StringBuilder();
        for (JsonNode parameter : parameters) {
            if (!parameter.path("disabled").asBoolean(false)) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(parameter.get("key").asString())
                        .append('=')
                        .append(filled(parameter.get("value").asString()));
            }
        }
        return query.toString();
    }

    private void learn(JsonNode item, HttpResponse<String> answer) {
        for (JsonNode line : item.at("/event/0/script/exec")) {
            Matcher learns = LEARNS.matcher(line.asString());
            if (!learns.matches()) {
                throw new IllegalStateException("a script that is not known here: " + line);
            }
            String pointer =
                    "/" + learns.group(2).replaceAll("\\[(\\d+)]", "/$1").replace('.', '/');
            variables.put(
                    learns.group(1), JSON.readTree(answer.body()).at(pointer).asString());
        }
    }

    private String filled(String text) {
        return VARIABLE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(variables.getOrDefault(found.group(1), "example")));
    }
}
