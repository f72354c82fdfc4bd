package io.naru.system.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A document of {@code docs/api}, and which of its operations a request is for. */
final class ApiDescription {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ObjectNode document;
    private final List<Template> templates = new ArrayList<>();

    /** A path of the document. */
    private record Template(String path, Pattern pattern) {
        static Template of(String path) {
            StringBuilder regex = new StringBuilder();
            for (String part : path.split("(?=\\{)|(?<=})", -1)) {
                regex.append(part.startsWith("{") ? "[^/]+" : Pattern.quote(part));
            }
            return new Template(path, Pattern.compile(regex.toString()));
        }

        int variables() {
            return path.length() - path.replace("{", "").length();
        }
    }

    ApiDescription(ObjectNode document) {
        this.document = document;
        document.get("paths").propertyNames().forEach(path -> templates.add(Template.of(path)));
        // A literal segment goes before a variable one.
        templates.sort(Comparator.comparingInt(Template::variables));
    }

    /** The committed document of that name. */
    static ApiDescription committed(String name) {
        return new ApiDescription((ObjectNode) JSON.readTree(Path.of("..", "docs", "api", name)));
    }

    ObjectNode document() {
        return document;
    }

    /** The document's path that {@code path} is an instance of. */
    Optional<String> template(String path) {
        String decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        return templates.stream()
                .filter(template -> template.pattern().matcher(decoded).matches()
                        || template.pattern().matcher(path).matches())
                .findFirst()
                .map(Template::path);
    }

    /** What is described of {@code method} on a path of the document. */
    @Nullable
    JsonNode operation(String template, String method) {
        return document.get("paths").get(template).get(method.toLowerCase(Locale.ROOT));
    }

    /** What a reference stands for, or the node itself. */
    JsonNode resolve(JsonNode node) {
        JsonNode reference = node.get("$ref");
        return reference == null
                ? node
                : resolve(document.at(reference.asString().substring(1)));
    }
}
