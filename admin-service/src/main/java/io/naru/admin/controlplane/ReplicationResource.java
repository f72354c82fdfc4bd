package io.naru.admin.controlplane;

import io.naru.admin.lease.ControllerThread;
import io.naru.cluster.control.AlterPartitions;
import io.naru.cluster.control.AlterReassignments;
import io.naru.cluster.control.AlteredPartitions;
import io.naru.cluster.control.ControlPlanePaths;
import io.naru.cluster.control.CreatePartitions;
import io.naru.cluster.control.ElectLeaders;
import io.naru.cluster.control.PartitionResults;
import io.naru.cluster.control.TopicResults;
import io.naru.cluster.control.Unregistered;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.concurrent.CompletableFuture;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** What brokers call about replicas: on their own behalf, and for clients whose requests they relay. */
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
    CompletableFuture<PartitionResults> electLeaders(@RequestBody ElectLeaders request) {
        Required.whole(request);
        return controller.call("elect_leaders", (c, nowMs) -> c.electLeaders(request));
    }

    @PostMapping(ControlPlanePaths.ALTER_REASSIGNMENTS)
    CompletableFuture<PartitionResults> alterReassignments(@RequestBody AlterReassignments request) {
        Required.whole(request);
        return controller.call("alter_reassignments", (c, nowMs) -> c.alterReassignments(request));
    }

    @PostMapping(ControlPlanePaths.CREATE_PARTITIONS)
    CompletableFuture<TopicResults> createPartitions(@RequestBody CreatePartitions request) {
        CreatePartitions whole = Required.whole(request);
        return controller.call("create_partitions", (c, nowMs) -> c.createPartitions(whole));
    }

    @PostMapping(ControlPlanePaths.BROKERS + "/{id}" + ControlPlanePaths.UNREGISTER)
    CompletableFuture<Unregistered> unregister(@PathVariable int id) {
        return controller.call("unregister_broker", (c, nowMs) -> c.unregisterBroker(id));
    }
}
