package io.naru.gateway.docs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Adds other services' documents to one. What the document has already stays as it is: of a call that both describe, the other's
 * description is left out. Components of the same name that say the same are shared; others, and operation ids that are taken, get the
 * service's name before theirs.
 */
final class DocumentMerge {

    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "patch", "head", "options", "trace");
    private static final String REFERENCE = "$ref";

    private final ObjectNode document;
    private final Set<String> operationIds = new HashSet<>();

    /** Adds to {@code document}, changing it. */
    DocumentMerge(ObjectNode document) {
        this.document = document;
        operations(
                document,
                operation -> operationIds.add(operation.get("operationId").asString()));
    }

    /**
     * Adds a service's document.
     *
     * @param name    of the service, capitalised
     * @param servers where its calls are answered; null for the same place
     */
    void add(String name, ObjectNode other, @Nullable ArrayNode servers) {
        ObjectNode theirs = other.deepCopy();
        removeKnownCalls(theirs);
        rename(theirs, newNames(name, theirs));
        operations(theirs, operation -> {
            String id = operation.get("operationId").asString();
            String unique = operationIds.contains(id) ? lowerFirst(name) + upperFirst(id) : id;
            if (!operationIds.add(unique)) {
                throw new IllegalStateException("two operations are called " + unique);
            }
            operation.put("operationId", unique);
            if (servers != null) {
                operation.set("servers", servers);
            }
        });
        theirs.path("paths").properties().forEach(path -> mergeInto(paths(), path.getKey(), path.getValue()));
        theirs.path("components").properties().forEach(section -> {
            ObjectNode ours = object(object(document, "components"), section.getKey());
            section.getValue().properties().forEach(one -> ours.set(one.getKey(), one.getValue()));
        });
        tags(theirs);
    }

    private ObjectNode paths() {
        return object(document, "paths");
    }

    private void removeKnownCalls(ObjectNode theirs) {
        Map<String, String> shapes = new HashMap<>();
        paths().propertyNames().forEach(path -> shapes.put(shape(path), path));
        ObjectNode paths = object(theirs, "paths");
        for (String path : new ArrayList<>(paths.propertyNames())) {
            String known = shapes.get(shape(path));
            if (known == null) {
                continue;
            }
            ObjectNode item = (ObjectNode) paths.get(path);
            paths().get(known).propertyNames().stream()
                    .filter(METHODS::contains)
                    .forEach(item::remove);
            if (item.propertyNames().stream().noneMatch(METHODS::contains)) {
                paths.remove(path);
            } else if (!known.equals(path)) {
                throw new IllegalStateException(
                        path + " is called " + known + " here: the parameters need the same names");
            }
        }
    }

    private static String shape(String path) {
        return path.replaceAll("\\{[^}]*}", "*");
    }

    /** References that change, to what they become. */
    private Map<String, String> newNames(String prefix, ObjectNode theirs) {
        Map<String, String> renamed = new HashMap<>();
        ObjectNode components = object(theirs, "components");
        for (Map.Entry<String, JsonNode> section : components.properties()) {
            ObjectNode ours = object(object(document, "components"), section.getKey());
            ObjectNode result = components.objectNode();
            for (Map.Entry<String, JsonNode> one : section.getValue().properties()) {
                String name = one.getKey();
                if (ours.has(name) && !ours.get(name).equals(one.getValue())) {
                    name = prefix + name;
                    String reference = "#/components/" + section.getKey() + "/";
                    renamed.put(reference + one.getKey(), reference + name);
                }
                result.set(name, one.getValue());
            }
            components.set(section.getKey(), result);
        }
        return renamed;
    }

    private static void rename(JsonNode node, Map<String, String> renamed) {
        if (node instanceof ObjectNode object && object.has(REFERENCE)) {
            String old = object.get(REFERENCE).asString();
            object.put(REFERENCE, renamed.getOrDefault(old, old));
        }
        node.forEach(child -> rename(child, renamed));
    }

    private void tags(ObjectNode theirs) {
        ArrayNode ours = (ArrayNode) document.get("tags");
        List<String> names =
                ours.valueStream().map(tag -> tag.get("name").asString()).toList();
        for (JsonNode tag : theirs.path("tags")) {
            if (!names.contains(tag.get("name").asString())) {
                ours.add(tag);
            }
        }
    }

    private static void mergeInto(ObjectNode holder, String name, JsonNode value) {
        if (holder.get(name) instanceof ObjectNode present) {
            value.properties().forEach(member -> present.set(member.getKey(), member.getValue()));
        } else {
            holder.set(name, value);
        }
    }

    private static ObjectNode object(ObjectNode holder, String name) {
        return holder.get(name) instanceof ObjectNode present ? present : holder.putObject(name);
    }

    private static void operations(ObjectNode document, Consumer<ObjectNode> each) {
        for (JsonNode path : document.path("paths")) {
            path.properties().stream()
                    .filter(member -> METHODS.contains(member.getKey()))
                    .forEach(member -> each.accept((ObjectNode) member.getValue()));
        }
    }

    private static String upperFirst(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static String lowerFirst(String text) {
        return Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
