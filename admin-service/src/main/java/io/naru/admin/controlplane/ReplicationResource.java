package io.naru.admin.controlplane;

import io.naru.admin.Actors;
import io.naru.admin.lease.ControllerThread;
import io.naru.cluster.control.AlterConfigs;
import io.naru.cluster.control.AlterPartitions;
import io.naru.cluster.control.AlterReassignments;
import io.naru.cluster.control.AlteredPartitions;
import io.naru.cluster.control.ConfigResults;
import io.naru.cluster.control.ControlPlanePaths;
import io.naru.cluster.control.CreatePartitions;
import io.naru.cluster.control.ElectLeaders;
import io.naru.cluster.control.PartitionResults;
import io.naru.cluster.control.TopicResults;
import io.naru.cluster.control.Unregistered;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletableFuture;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** What brokers call about replicas and configs: on their own behalf, and for clients whose requests they relay. */
@RestController
@Hidden
class ReplicationResource {

    private final ControllerThread controller;

    ReplicationResource(ControllerThread controller) {
        this.controller = controller;
    }

    @PostMapping(ControlPlanePaths.ALTER_PARTITIONS)
    CompletableFuture<AlteredPartitions> alterPartitions(@RequestBody AlterPartitions request) {
        Required.whole(request);
        return controller.call("alter_partitions", (c, nowMs) -> c.alterPartitions(request));
    }

    @PostMapping(ControlPlanePaths.ELECT_LEADERS)
    CompletableFuture<PartitionResults> electLeaders(@RequestBody ElectLeaders request, HttpServletRequest caller) {
        Required.whole(request);
        return controller.call("elect_leaders", Actors.ofControlPlane(caller), (c, nowMs) -> c.electLeaders(request));
    }

    @PostMapping(ControlPlanePaths.ALTER_REASSIGNMENTS)
    CompletableFuture<PartitionResults> alterReassignments(
            @RequestBody AlterReassignments request, HttpServletRequest caller) {
        Required.whole(request);
        return controller.call(
                "alter_reassignments", Actors.ofControlPlane(caller), (c, nowMs) -> c.alterReassignments(request));
    }

    @PostMapping(ControlPlanePaths.CREATE_PARTITIONS)
    CompletableFuture<TopicResults> createPartitions(@RequestBody CreatePartitions request, HttpServletRequest caller) {
        CreatePartitions whole = Required.whole(request);
        return controller.call(
                "create_partitions", Actors.ofControlPlane(caller), (c, nowMs) -> c.createPartitions(whole));
    }

    @PostMapping(ControlPlanePaths.ALTER_CONFIGS)
    CompletableFuture<ConfigResults> alterConfigs(@RequestBody AlterConfigs request, HttpServletRequest caller) {
        Required.whole(request);
        return controller.call("alter_configs", Actors.ofControlPlane(caller), (c, nowMs) -> c.alterConfigs(request));
    }

    @PostMapping(ControlPlanePaths.BROKERS + "/{id}" + ControlPlanePaths.UNREGISTER)
    CompletableFuture<Unregistered> unregister(@PathVariable int id, HttpServletRequest caller) {
        return controller.call(
                "unregister_broker", Actors.ofControlPlane(caller), (c, nowMs) -> c.unregisterBroker(id));
    }
}
