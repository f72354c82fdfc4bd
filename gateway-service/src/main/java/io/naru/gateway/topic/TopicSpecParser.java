package io.naru.gateway.topic;

import io.naru.gateway.format.JsonObjectWalker;
import io.naru.gateway.format.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Reads {@code {"partitions"?, "replication_factor"?, "configs"?: {name: string | number | boolean}}}; null is the same as absent, and so
 * is an empty body. Belongs to one thread at a time.
 */
final class TopicSpecParser {

    private static final int CONFIGS_MAX = 256;

    private final JsonObjectWalker body;
    private final JsonObjectWalker configs;

    /** A parser for JSON nested up to {@code depthMax}. */
    TopicSpecParser(int depthMax) {
        body = new JsonObjectWalker(depthMax);
        configs = new JsonObjectWalker(depthMax);
    }

    /**
     * Reads a body.
     *
     * @throws io.naru.gateway.http.ProblemException 400 when it is no JSON object, 422 when a field is wrong
     */
    TopicSpec parse(byte[] bytes, int length) {
        if (length == 0) {
            return new TopicSpec(TopicSpec.CLUSTER_DEFAULT, (short) TopicSpec.CLUSTER_DEFAULT, Map.of());
        }
        int partitions = TopicSpec.CLUSTER_DEFAULT;
        short replicationFactor = TopicSpec.CLUSTER_DEFAULT;
        Map<String, String> settings = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        try {
            body.begin(bytes, 0, length);
            while (body.next()) {
                String name = body.nameText();
                if (!seen.add(name)) {
                    throw JsonProblems.field(JsonProblems.step(name), "the field is given twice");
                }
                switch (name) {
                    case "partitions" -> partitions = (int) number(name, Integer.MAX_VALUE);
                    case "replication_factor" -> replicationFactor = (short) number(name, Short.MAX_VALUE);
                    case "configs" -> configs(bytes, settings);
                    default ->
                        throw JsonProblems.field(
                                JsonProblems.step(name),
                                "unknown field; a topic has partitions, replication_factor, configs");
                }
            }
            body.expectNothingAfter();
        } catch (JsonSyntaxException wrong) {
            throw JsonProblems.body(wrong);
        }
        return new TopicSpec(partitions, replicationFactor, settings);
    }

    private long number(String name, long max) {
        if (body.isNull()) {
            return TopicSpec.CLUSTER_DEFAULT;
        }
        try {
            return body.wholeNumber(1, max);
        } catch (JsonSyntaxException wrong) {
            throw JsonProblems.at("/" + name, wrong);
        }
    }

    private void configs(byte[] bytes, Map<String, String> settings) {
        if (body.isNull()) {
            return;
        }
        if (!body.isObject()) {
            throw JsonProblems.field("/configs", "expected an object");
        }
        configs.begin(bytes, body.valueStart(), body.valueEnd());
        while (configs.next()) {
            String name = configs.nameText();
            String pointer = "/configs" + JsonProblems.step(name);
            if (configs.isNull() || configs.isObject() || configs.isArray()) {
                throw JsonProblems.field(pointer, "expected a string, a number, true or false");
            }
            byte[] value = configs.isString()
                    ? configs.stringBytes()
                    : Arrays.copyOfRange(bytes, configs.valueStart(), configs.valueEnd());
            if (settings.put(name, new String(value, StandardCharsets.UTF_8)) != null) {
                throw JsonProblems.field(pointer, "the config is given twice");
            }
            if (settings.size() > CONFIGS_MAX) {
                throw JsonProblems.field("/configs", "more than " + CONFIGS_MAX + " configs");
            }
        }
    }
}
