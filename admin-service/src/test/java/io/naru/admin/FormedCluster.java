package io.naru.admin;

import io.naru.cluster.Endpoint;
import io.naru.cluster.control.BrokerRegistration;
import io.naru.cluster.control.ControlPlaneClient;
import io.naru.cluster.control.CoordinatorRegistration;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.Registered;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Makes a cluster of an admin-service: broker 0 and coordinator 0, which live as long as the session timeout lets them. */
public final class FormedCluster {

    private FormedCluster() {}

    /** Registers them; returns the cluster's id. */
    public static String form(AdminServer admin) throws Exception {
        ControlPlaneClient client = admin.controlPlane();
        Endpoint http = new Endpoint("127.0.0.1", 8083);
        Registered broker = get(client.register(
                new BrokerRegistration(0, "b", null, new Endpoint("127.0.0.1", 9092), http, null, List.of())));
        get(client.brokerHeartbeat(0, new Heartbeat(broker.epoch(), broker.imageVersion(), false)));
        get(client.register(new CoordinatorRegistration(0, "c", new Endpoint("127.0.0.1", 9093), http)));
        return broker.clusterId();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }
}
