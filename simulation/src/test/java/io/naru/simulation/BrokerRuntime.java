package io.naru.simulation;

import io.naru.broker.replication.ReplicationRuntime;
import io.naru.cluster.Endpoint;
import io.naru.cluster.control.AlterPartitions;
import io.naru.cluster.control.AlteredPartitions;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** The world as replication sees it, simulated. */
final class BrokerRuntime implements ReplicationRuntime {

    private static final short FETCH_VERSION = 17;
    private static final long ANSWER_MS_MAX = 10_000;

    private final Simulation world;
    private final SimulatedProcess process;
    private final ControlPlane controlPlane;
    private final LongSupplier brokerEpoch;
    private final Map<String, Connection> connections = new TreeMap<>();

    BrokerRuntime(Simulation world, SimulatedProcess process, ControlPlane controlPlane, LongSupplier brokerEpoch) {
        this.world = world;
        this.process = process;
        this.controlPlane = controlPlane;
        this.brokerEpoch = brokerEpoch;
    }

    @Override
    public long nowMs() {
        return process.clock().nowMs();
    }

    @Override
    public long wallClockMs() {
        return process.clock().millis();
    }

    @Override
    public void later(long delayMs, Runnable task) {
        process.afterMs(delayMs, task);
    }

    @Override
    public long brokerEpoch() {
        return brokerEpoch.getAsLong();
    }

    @Override
    public CompletableFuture<FetchResponseData> fetch(Endpoint leader, FetchRequestData request) {
        Connection connection = connections.get(leader.host());
        if (connection == null || connection.closed()) {
            connection = world.connect(process, process.name(), leader.host());
            connections.put(leader.host(), connection);
        }
        return connection
                .send(ApiKeys.FETCH, FETCH_VERSION, request, request.maxWaitMs() + ANSWER_MS_MAX)
                .thenApply(FetchResponseData.class::cast);
    }

    @Override
    public void disconnect(Endpoint leader) {
        Connection connection = connections.remove(leader.host());
        if (connection != null) {
            connection.close();
        }
    }

    @Override
    public CompletableFuture<AlteredPartitions> alterPartitions(AlterPartitions request) {
        return controlPlane.call((controller, nowMs) -> controller.alterPartitions(request));
    }
}
