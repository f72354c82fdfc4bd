package io.naru.cluster.control;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sets and unsets configs of topics and brokers, of each resource as a whole or not at all (KIP-339). Answered with {@link ConfigResults}:
 * 3 no such topic; 102 no such broker; 40 an unknown config or an invalid value; 42 the request makes no sense, or the config cannot be
 * set while the cluster runs; 95 what is set is not what was expected.
 *
 * @param resources    what to change, each named once
 * @param validateOnly checks and changes nothing
 */
public record AlterConfigs(List<Resource> resources, boolean validateOnly) {

    /** Copies the list; one that is null is empty. */
    public AlterConfigs {
        resources = copy(resources);
    }

    private static <T> List<T> copy(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    /**
     * One resource.
     *
     * @param target  which
     * @param ops     what to do, each config named once
     * @param replace whether configs that are not named are unset (Kafka's legacy AlterConfigs)
     * @param expected what the caller believes to be set, all of it; null when that does not matter
     */
    public record Resource(
            ConfigTarget target,
            List<ConfigOp> ops,
            boolean replace,
            @Nullable Map<String, String> expected) {

        /** Copies the list; one that is null is empty. */
        public Resource {
            ops = copy(ops);
        }

        /** Changes what is named, whatever is set now. */
        public Resource(ConfigTarget target, List<ConfigOp> ops) {
            this(target, ops, false, null);
        }
    }

    /**
     * What to do to one config.
     *
     * @param name  of the config
     * @param kind  what
     * @param value to set, add or take away; null to delete
     */
    public record ConfigOp(String name, Kind kind, @Nullable String value) {

        /** Kafka's four. */
        public enum Kind {
            /** Sets the value. */
            SET,
            /** Unsets it: what counts then is what is set further out, or the default. */
            DELETE,
            /** Adds values to a list. */
            APPEND,
            /** Takes values from a list. */
            SUBTRACT
        }

        /** Sets a config. */
        public static ConfigOp set(String name, String value) {
            return new ConfigOp(name, Kind.SET, value);
        }

        /** Unsets a config. */
        public static ConfigOp delete(String name) {
            return new ConfigOp(name, Kind.DELETE, null);
        }
    }
}
