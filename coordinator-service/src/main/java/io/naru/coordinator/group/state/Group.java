package io.naru.coordinator.group.state;

/** A group of either protocol. What has committed offsets and no group is a simple group: its readers assign partitions themselves. */
public sealed interface Group permits ConsumerGroup, ClassicGroup {

    String groupId();

    /** Whether nobody is in it. */
    boolean isEmpty();

    /** {@code consumer} or {@code classic}, as Kafka lists it. */
    String type();

    /** Its state, as Kafka names it. */
    String state();

    /** Protocol type, {@code consumer} for groups of consumers. */
    String protocolType();
}
