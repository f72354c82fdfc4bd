package io.naru.admin.controlplane;

import io.naru.admin.Actors;
import io.naru.admin.lease.ControllerThread;
import io.naru.admin.lease.ImagePublisher;
import io.naru.admin.lease.ImagePublisher.Waiter;
import io.naru.cluster.control.BrokerRegistration;
import io.naru.cluster.control.ControlPlanePaths;
import io.naru.cluster.control.CoordinatorRegistration;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.HeartbeatAnswer;
import io.naru.cluster.control.ProducerIdBlock;
import io.naru.cluster.control.ProducerIdRequest;
import io.naru.cluster.control.Registered;
import io.naru.cluster.control.TopicResults;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** What brokers and coordinators call. */
@RestController
@Hidden
class ControlPlaneResource {

    private static final long MAX_WAIT_MS = 60_000;

    private final ControllerThread controller;
    private final ImagePublisher images;

    ControlPlaneResource(ControllerThread controller, ImagePublisher images) {
        this.controller = controller;
        this.images = images;
    }

    @GetMapping(ControlPlanePaths.CLUSTER)
    DeferredResult<ResponseEntity<byte[]>> image(
            @RequestParam(defaultValue = "-1") long after,
            @RequestParam(name = "controller_epoch", defaultValue = "-1") int controllerEpoch,
            @RequestParam(name = "wait_ms", defaultValue = "0") long waitMs,
            @RequestParam(name = "deltas", defaultValue = "false") boolean deltas) {
        DeferredResult<ResponseEntity<byte[]>> result =
                new DeferredResult<>(Math.max(1, Math.min(waitMs, MAX_WAIT_MS)));
        Waiter next = images.newerThan(after, controllerEpoch);
        result.onTimeout(() -> images.giveUp(next));
        result.onError(error -> images.giveUp(next));
        next.image().whenComplete((image, error) -> {
            if (error != null) {
                result.setErrorResult(error);
            } else {
                result.setResult(image.map(now -> ok(deltas ? now.update(after, controllerEpoch) : now.whole()))
                        .orElseGet(() -> ResponseEntity.noContent().build()));
            }
        });
        return result;
    }

    private static ResponseEntity<byte[]> ok(byte[] image) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(image);
    }

    @PostMapping(ControlPlanePaths.BROKERS)
    CompletableFuture<Registered> register(@RequestBody BrokerRegistration registration) {
        Required.fields(
                "incarnationId",
                registration.incarnationId(),
                "kafka",
                registration.kafka(),
                "http",
                registration.http(),
                "logDirs",
                registration.logDirs());
        return controller.call("register_broker", (c, nowMs) -> c.register(registration, nowMs));
    }

    @PostMapping(ControlPlanePaths.BROKERS + "/{id}" + ControlPlanePaths.HEARTBEAT)
    CompletableFuture<HeartbeatAnswer> brokerHeartbeat(@PathVariable int id, @RequestBody Heartbeat heartbeat) {
        return controller.call("broker_heartbeat", (c, nowMs) -> c.brokerHeartbeat(id, heartbeat, nowMs));
    }

    @PostMapping(ControlPlanePaths.COORDINATORS)
    CompletableFuture<Registered> register(@RequestBody CoordinatorRegistration registration) {
        Required.fields(
                "incarnationId",
                registration.incarnationId(),
                "kafka",
                registration.kafka(),
                "http",
                registration.http());
        return controller.call("register_coordinator", (c, nowMs) -> c.register(registration, nowMs));
    }

    @PostMapping(ControlPlanePaths.COORDINATORS + "/{id}" + ControlPlanePaths.HEARTBEAT)
    CompletableFuture<HeartbeatAnswer> coordinatorHeartbeat(@PathVariable int id, @RequestBody Heartbeat heartbeat) {
        return controller.call("coordinator_heartbeat", (c, nowMs) -> c.coordinatorHeartbeat(id, heartbeat, nowMs));
    }

    @PostMapping(ControlPlanePaths.CREATE_TOPICS)
    CompletableFuture<TopicResults> create(@RequestBody CreateTopics request, HttpServletRequest caller) {
        CreateTopics whole = Required.whole(request);
        return controller.call("create_topics", Actors.ofControlPlane(caller), (c, nowMs) -> c.createTopics(whole));
    }

    @PostMapping(ControlPlanePaths.DELETE_TOPICS)
    CompletableFuture<TopicResults> delete(@RequestBody DeleteTopics request, HttpServletRequest caller) {
        DeleteTopics whole = Required.whole(request);
        return controller.call("delete_topics", Actors.ofControlPlane(caller), (c, nowMs) -> c.deleteTopics(whole));
    }

    @PostMapping(ControlPlanePaths.PRODUCER_IDS)
    CompletableFuture<ProducerIdBlock> producerIds(@RequestBody ProducerIdRequest request) {
        return controller.call("producer_ids", (c, nowMs) -> c.producerIds(request));
    }
}
