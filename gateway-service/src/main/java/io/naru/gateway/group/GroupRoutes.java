package io.naru.gateway.group;

import io.naru.gateway.cursor.CursorKey;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MemoryBudget;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.Router;
import io.naru.gateway.read.ReadServices;
import io.naru.protocol.client.CoordinatorCache;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.MetadataCache;

/** The calls about groups. */
public final class GroupRoutes {

    private final BodyReader bodies;
    private final GroupBodies parser;
    private final CursorKey cursors;
    private final Groups groups;
    private final MemoryBudget memory;
    private final GroupSessions sessions;

    /** Routes of a gateway. */
    public GroupRoutes(
            BodyReader bodies,
            CursorKey cursors,
            KafkaClient client,
            MetadataCache metadata,
            CoordinatorCache coordinators,
            ReadServices reads,
            GroupProperties properties) {
        this.bodies = bodies;
        this.parser = new GroupBodies(properties, reads.limits());
        this.cursors = cursors;
        this.memory = reads.memory();
        this.groups = new Groups(
                new MemberRegistry(properties.membersMax()),
                new GroupCalls(client, coordinators, properties.connections()),
                reads,
                metadata,
                properties);
        this.sessions = new GroupSessions(groups, cursors, reads);
    }

    /** The same members, for other APIs. */
    public GroupSessions sessions() {
        return sessions;
    }

    /** Adds them to a router. */
    public void addTo(Router router) {
        router.add("POST", "/v1/groups/*/poll", new PollRoute(bodies, parser, cursors, groups))
                .add("POST", "/v1/groups/*/ack", new AckRoute(bodies, parser, cursors, groups, memory))
                .add("DELETE", "/v1/groups/*/members/*", new LeaveRoute(cursors, groups))
                .add("GET", "/v1/groups", GroupRoutes::notBuilt)
                .add("GET", "/v1/groups/*", GroupRoutes::notBuilt)
                .add("GET", "/v1/groups/*/records", GroupRoutes::notBuilt);
    }

    private static void notBuilt(Exchange exchange) {
        exchange.fail(
                Problem.of(
                        ProblemKind.NOT_IMPLEMENTED,
                        "this call is not built yet; kafka-consumer-groups.sh and the coordinator's REST view show groups meanwhile"));
    }
}
