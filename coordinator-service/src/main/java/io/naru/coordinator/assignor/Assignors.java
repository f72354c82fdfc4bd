package io.naru.coordinator.assignor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The assignors served, the default first. */
public final class Assignors {

    private final Map<String, PartitionAssignor> byName = new LinkedHashMap<>();

    /**
     * A choice of assignors.
     *
     * @param assignors at least one; the first is the default
     */
    public Assignors(List<PartitionAssignor> assignors) {
        assignors.forEach(assignor -> byName.put(assignor.name(), assignor));
    }

    /** Kafka's two: {@code uniform}, then {@code range}. */
    public static Assignors standard() {
        return new Assignors(List.of(new UniformAssignor(), new RangeAssignor()));
    }

    /** The one that a group uses whose members ask for none. */
    public PartitionAssignor preferred() {
        return byName.values().iterator().next();
    }

    /** The assignor of that name, if it is served. */
    public Optional<PartitionAssignor> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Their names. */
    public Set<String> names() {
        return byName.keySet();
    }
}
