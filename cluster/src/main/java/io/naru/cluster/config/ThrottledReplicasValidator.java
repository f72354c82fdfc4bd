package io.naru.cluster.config;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Takes {@code *}, or a list of replicas as {@code partition:broker}; an empty one too. */
final class ThrottledReplicasValidator implements Validator {

    private static final Pattern REPLICA = Pattern.compile("\\d+:\\d+");

    @Override
    public void ensureValid(String name, @Nullable Object value) {
        if (value instanceof List<?> list
                && !list.equals(List.of("*"))
                && !list.stream()
                        .allMatch(replica ->
                                REPLICA.matcher(String.valueOf(replica)).matches())) {
            throw new ConfigException(name, value, "must be * or a list of replicas, each as partition:broker");
        }
    }

    @Override
    public String toString() {
        return "[partition]:[broker],[partition]:[broker],... or *";
    }
}
