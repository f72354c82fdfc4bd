package io.naru.gateway.docs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.representer.Representer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI 3.1 document, in two parts: this gateway's own calls ({@code openapi.yaml} with {@code examples.yaml}), and with them those
 * of the other services, whose committed documents are packed with this class. So it is whole without anybody else running (ADR 9).
 */
public final class ApiDocument {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int ALIASES_MAX = 500;

    private ApiDocument() {}

    /** The gateway's own calls. */
    public static ObjectNode own() {
        ObjectNode document = yaml("openapi.yaml");
        new CallExamples(document, yaml("examples.yaml")).apply();
        return document;
    }

    /**
     * Everybody's.
     *
     * @param adminForwarded whether calls under {@code /v3} are handed on to an admin-service; else they are not there
     */
    public static ObjectNode whole(boolean adminForwarded) {
        ObjectNode document = own();
        DocumentMerge merge = new DocumentMerge(document);
        if (adminForwarded) {
            merge.add("Admin", json("admin-openapi.json"), null);
        }
        merge.add("Coordinator", json("coordinator-openapi.json"), coordinators(document));
        return document;
    }

    /** What no gateway answers is answered there. */
    private static ArrayNode coordinators(ObjectNode document) {
        ArrayNode servers = document.arrayNode();
        ObjectNode server = servers.addObject();
        server.put("url", "http://{coordinator}");
        server.put("description", "A coordinator-service");
        ObjectNode variable = server.putObject("variables").putObject("coordinator");
        variable.put("default", "localhost:8082");
        variable.put("description", "Its host and HTTP port");
        return servers;
    }

    /** As YAML. */
    static String toYaml(JsonNode document) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(140);
        return new Yaml(new Representer(options), options).dump(JSON.treeToValue(document, Map.class));
    }

    private static ObjectNode yaml(String name) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(ALIASES_MAX);
        Object loaded = new Yaml(new SafeConstructor(options)).load(new String(resource(name), StandardCharsets.UTF_8));
        return JSON.valueToTree(loaded);
    }

    private static ObjectNode json(String name) {
        return (ObjectNode) JSON.readTree(resource(name));
    }

    private static byte[] resource(String name) {
        try (InputStream in = ApiDocument.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
