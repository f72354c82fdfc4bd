package io.naru.gateway.group;

import io.naru.gateway.cursor.CursorKey;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.MemoryBudget;
import io.naru.gateway.http.Router;
import io.naru.gateway.read.PartitionReads;
import io.naru.gateway.read.ReadServices;
import io.naru.protocol.client.CoordinatorCache;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.MetadataCache;
import java.time.InstantSource;

/** The calls about groups. */
public final class GroupRoutes {

    private final BodyReader bodies;
    private final GroupBodies parser;
    private final CursorKey cursors;
    private final Groups groups;
    private final MemoryBudget memory;
    private final GroupSessions sessions;
    private final KafkaClient client;
    private final MetadataCache metadata;
    private final PartitionReads reads;
    private final GroupProperties properties;
    private final InstantSource clock;

    /** Routes of a gateway. */
    public GroupRoutes(
            BodyReader bodies,
            CursorKey cursors,
            KafkaClient client,
            MetadataCache metadata,
            CoordinatorCache coordinators,
            ReadServices reads,
            GroupProperties properties,
            InstantSource clock) {
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
        this.client = client;
        this.metadata = metadata;
        this.reads = reads.reads();
        this.properties = properties;
        this.clock = clock;
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
                .add("GET", "/v1/groups", new GroupListRoute(client, metadata))
                .add("GET", "/v1/groups/*", new GroupRoute(groups, sessions, new GroupLag(reads), clock))
                .add("GET", "/v1/groups/*/records", new GroupStreamRoute(cursors, groups, properties));
    }
}
