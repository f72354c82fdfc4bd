package io.naru.admin.controller;

import io.naru.cluster.ClusterImage;
import java.util.List;
import java.util.Map;

/**
 * Everything the controller must not forget. Immutable.
 *
 * @param image                   what everyone else sees
 * @param brokerProcesses         process that registered each broker id
 * @param coordinatorIncarnations process that registered each coordinator id
 * @param nextProducerId          first producer id that nobody was given
 */
public record ControllerState(
        ClusterImage image,
        Map<Integer, BrokerProcess> brokerProcesses,
        Map<Integer, String> coordinatorIncarnations,
        long nextProducerId) {

    /** Copies the maps. */
    public ControllerState {
        brokerProcesses = Map.copyOf(brokerProcesses);
        coordinatorIncarnations = Map.copyOf(coordinatorIncarnations);
    }

    /** The state of a cluster that nobody has registered with yet. */
    public static ControllerState empty(String clusterId, int controllerEpoch) {
        return new ControllerState(ClusterImage.empty(clusterId, controllerEpoch), Map.of(), Map.of(), 0);
    }

    /** The state after {@code changes}; the image's version grows by one if any of them shows in the image. */
    public ControllerState apply(List<Change> changes) {
        if (changes.isEmpty()) {
            return this;
        }
        StateBuilder next = new StateBuilder(this);
        changes.forEach(change -> change.applyTo(next));
        return next.build();
    }
}
