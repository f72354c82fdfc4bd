package io.naru.cluster.control;

/** Paths of the control plane on admin-service. */
public final class ControlPlanePaths {

    /**
     * {@code GET ?after=<version>&controller_epoch=<n>&wait_ms=<n>}: the image once it is newer; 204 when the wait passed without a change.
     * With {@code deltas=true} a {@link ClusterUpdate}: the whole image only for who is too far behind or had another controller's.
     */
    public static final String CLUSTER = "/internal/cluster";

    /** {@code POST} {@link BrokerRegistration} → {@link Registered}. */
    public static final String BROKERS = "/internal/brokers";

    /** {@code POST} {@link CoordinatorRegistration} → {@link Registered}. */
    public static final String COORDINATORS = "/internal/coordinators";

    /** Suffix to {@code /<id>}: {@code POST} {@link Heartbeat} → {@link HeartbeatAnswer}; 409 when the epoch is not the registered one. */
    public static final String HEARTBEAT = "/heartbeat";

    /** {@code POST} {@link CreateTopics} → {@link TopicResults}. */
    public static final String CREATE_TOPICS = "/internal/topics:create";

    /** {@code POST} {@link DeleteTopics} → {@link TopicResults}. */
    public static final String DELETE_TOPICS = "/internal/topics:delete";

    /** {@code POST} {@link ProducerIdRequest} → {@link ProducerIdBlock}. */
    public static final String PRODUCER_IDS = "/internal/producer-ids";

    /** {@code POST} {@link AlterPartitions} → {@link AlteredPartitions}. */
    public static final String ALTER_PARTITIONS = "/internal/partitions:alter";

    /** {@code POST} {@link ElectLeaders} → {@link PartitionResults}. */
    public static final String ELECT_LEADERS = "/internal/leaders:elect";

    /** {@code POST} {@link AlterReassignments} → {@link PartitionResults}. */
    public static final String ALTER_REASSIGNMENTS = "/internal/reassignments:alter";

    /** {@code POST} {@link CreatePartitions} → {@link TopicResults}. */
    public static final String CREATE_PARTITIONS = "/internal/partitions:create";

    /** {@code POST} {@link AlterConfigs} → {@link ConfigResults}. */
    public static final String ALTER_CONFIGS = "/internal/configs:alter";

    /** Suffix to {@code /<id>}: {@code POST} → {@link Unregistered}; refused while the broker is alive or needed. */
    public static final String UNREGISTER = "/unregister";

    private ControlPlanePaths() {}
}
