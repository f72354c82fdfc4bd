package io.naru.simulation;

import io.naru.admin.controller.Controller;
import io.naru.admin.controller.Decision;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.control.ControlPlaneException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One caller's way to the controller, as ControlPlaneClient goes it: the admin-service that answered last, and the next one after that. */
final class ControlPlane {

    private static final long CALL_MS_MAX = 10_000;
    private static final long HEARTBEAT_MS_MAX = 1_000;
    private static final long IMAGE_MS_MAX = 2_000;

    private final Network network;
    private final SimulatedProcess caller;
    private final List<AdminMachine> admins;
    private int current;

    ControlPlane(Network network, SimulatedProcess caller, List<AdminMachine> admins) {
        this.network = network;
        this.caller = caller;
        this.admins = admins;
    }

    <A> CompletableFuture<A> call(BiFunction<Controller, Long, Decision<A>> event) {
        return call(controller -> controller.call(event), CALL_MS_MAX);
    }

    <A> CompletableFuture<A> heartbeat(BiFunction<Controller, Long, Decision<A>> event) {
        return call(controller -> controller.call(event), HEARTBEAT_MS_MAX);
    }

    CompletableFuture<Optional<ClusterImage>> image(@Nullable ClusterImage known, long waitMs) {
        return call(controller -> controller.image(known, waitMs), waitMs + IMAGE_MS_MAX);
    }

    private <A> CompletableFuture<A> call(Function<ControllerProcess, CompletableFuture<A>> call, long timeoutMs) {
        int target = current;
        AdminMachine admin = admins.get(target);
        return network.call(caller, admin.name(), admin::process, call, timeoutMs)
                .whenComplete((answer, error) -> {
                    boolean goesOn =
                            error == null || (error instanceof ControlPlaneException told && told.status() != 503);
                    if (!goesOn && current == target) {
                        current = (target + 1) % admins.size();
                    }
                });
    }
}
