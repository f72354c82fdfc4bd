package io.naru.cluster;

/**
 * A registered coordinator-service instance.
 *
 * @param id    instance id, ≥ 0; clients see it as a Kafka node id, so it never equals a broker's (see {@link #nodeId()})
 * @param epoch grows with every registration
 * @param kafka Kafka listener for group requests
 * @param http  REST view and actuator
 * @param alive false once its session lapsed: it owns no shard then
 */
public record CoordinatorImage(int id, long epoch, Endpoint kafka, Endpoint http, boolean alive) {

    /** First node id used for coordinators; broker ids stay below. */
    public static final int NODE_ID_BASE = 1_000_000;

    /** The node id under which Kafka clients see this coordinator. */
    public int nodeId() {
        return NODE_ID_BASE + id;
    }

    /** The same instance, alive or not. */
    public CoordinatorImage withAlive(boolean nowAlive) {
        return new CoordinatorImage(id, epoch, kafka, http, nowAlive);
    }
}
