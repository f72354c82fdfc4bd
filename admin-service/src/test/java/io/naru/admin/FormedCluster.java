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
import org.jspecify.annotations.Nullable;

/** Makes a cluster of an admin-service: broker 0 and coordinator 0, which live as long as the session timeout lets them. */
public final class FormedCluster {

    private FormedCluster() {}

    /** Registers them; returns the cluster's id. */
    public static String form(AdminServer admin) throws Exception {
        return form(admin, new Endpoint("127.0.0.1", 9092));
    }

    /** The same with a broker where the caller says. */
    public static String form(AdminServer admin, Endpoint kafka) throws Exception {
        ControlPlaneClient client = admin.controlPlane();
        Endpoint http = new Endpoint("127.0.0.1", 8083);
        Registered broker = addBroker(admin, 0, kafka, null);
        get(client.register(new CoordinatorRegistration(0, "c", new Endpoint("127.0.0.1", 9093), http)));
        return broker.clusterId();
    }

    /** Registers a broker and has it live. */
    public static Registered addBroker(AdminServer admin, int id, Endpoint kafka, @Nullable String rack)
            throws Exception {
        ControlPlaneClient client = admin.controlPlane();
        Endpoint http = new Endpoint("127.0.0.1", 8083);
        Registered broker =
                get(client.register(new BrokerRegistration(id, "b" + id, null, kafka, http, rack, List.of())));
        get(client.brokerHeartbeat(id, new Heartbeat(broker.epoch(), broker.imageVersion(), false)));
        return broker;
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }
}
