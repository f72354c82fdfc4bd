package io.naru.admin.controller;

import io.naru.cluster.config.ConfigKey;
import io.naru.cluster.control.AlterConfigs.ConfigOp;
import io.naru.cluster.control.AlterConfigs.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Carries out the operations on one resource's configs. Whether the result makes sense is not asked here. */
final class ConfigEdit {

    private ConfigEdit() {}

    /**
     * What is set afterwards.
     *
     * @param set   what is set now
     * @param known finds a config in the catalogue
     */
    static Map<String, String> edit(
            Map<String, String> set, Resource resource, Function<String, Optional<? extends ConfigKey>> known) {
        if (resource.expected() != null && !resource.expected().equals(set)) {
            throw new RefusedException(
                    Errors.INVALID_UPDATE_VERSION, "What is set is not what was expected: somebody has changed it.");
        }
        Map<String, String> now = resource.replace() ? new TreeMap<>() : new TreeMap<>(set);
        Set<String> named = new HashSet<>();
        for (ConfigOp op : resource.ops()) {
            if (!named.add(op.name())) {
                throw new RefusedException(
                        Errors.INVALID_REQUEST,
                        "Error due to duplicate config keys: " + op.name() + " is named twice.");
            }
            apply(op, now, set, known);
        }
        return now;
    }

    private static void apply(
            ConfigOp op,
            Map<String, String> now,
            Map<String, String> set,
            Function<String, Optional<? extends ConfigKey>> known) {
        switch (op.kind()) {
            case SET -> now.put(op.name(), value(op));
            case DELETE -> now.remove(op.name());
            case APPEND, SUBTRACT -> {
                List<String> values = values(op, set.get(op.name()), known);
                Set<String> given = new LinkedHashSet<>(split(value(op)));
                if (op.kind() == ConfigOp.Kind.APPEND) {
                    given.removeAll(values);
                    values.addAll(given);
                } else {
                    values.removeAll(given);
                }
                now.put(op.name(), String.join(",", values));
            }
            default -> throw new IllegalArgumentException("not an operation: " + op.kind());
        }
    }

    private static List<String> values(
            ConfigOp op, @Nullable String set, Function<String, Optional<? extends ConfigKey>> known) {
        ConfigKey config = known.apply(op.name()).orElse(null);
        if (config == null || config.type() != ConfigDef.Type.LIST) {
            throw new RefusedException(
                    Errors.INVALID_CONFIG,
                    "Can't " + op.kind() + " to key " + op.name() + " because its type is not LIST.");
        }
        String from = set != null ? set : config.defaultValue();
        return new ArrayList<>(from == null ? List.of() : split(from));
    }

    private static List<String> split(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::trim)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    private static String value(ConfigOp op) {
        String value = op.value();
        if (value == null) {
            throw new RefusedException(
                    Errors.INVALID_REQUEST, "Null value not supported for : " + op.name() + " (" + op.kind() + ")");
        }
        return value;
    }
}
