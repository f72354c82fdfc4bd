package io.naru.simulation;

import io.naru.admin.controller.BrokerProcess;
import io.naru.admin.controller.ControllerState;

/** What the committed state of the controller says. */
final class ControllerView {

    private ControllerView() {}

    static boolean isRegistered(ControllerState state, int brokerId, String incarnation) {
        BrokerProcess known = state.brokerProcesses().get(brokerId);
        return known != null && known.incarnationId().equals(incarnation);
    }
}
