package io.naru.cluster.control;

import io.naru.cluster.Endpoint;

/**
 * A coordinator-service instance asks for a share of the group shards.
 *
 * @param coordinatorId instance id, ≥ 0
 * @param incarnationId new with every start of the process
 * @param kafka         advertised Kafka listener
 * @param http          advertised HTTP listener
 */
public record CoordinatorRegistration(int coordinatorId, String incarnationId, Endpoint kafka, Endpoint http) {}
