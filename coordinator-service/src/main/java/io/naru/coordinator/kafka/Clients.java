package io.naru.coordinator.kafka;

import io.naru.coordinator.group.state.Client;
import io.naru.protocol.server.RequestContext;
import java.net.InetSocketAddress;

/** Who asks, in the words of a group. */
final class Clients {

    private Clients() {}

    static Client of(RequestContext context) {
        String host = context.remote() instanceof InetSocketAddress address && address.getAddress() != null
                ? "/" + address.getAddress().getHostAddress()
                : context.remote().toString();
        String clientId = context.clientId();
        return new Client(clientId == null ? "" : clientId, host);
    }
}
