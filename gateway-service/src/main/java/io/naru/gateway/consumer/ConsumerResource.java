package io.naru.gateway.consumer;

import io.naru.gateway.group.GroupSessions;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Router;
import io.naru.gateway.produce.ProduceBatcher;
import io.naru.gateway.produce.TopicDirectory;
import io.naru.gateway.read.ReadServices;
import io.naru.gateway.topic.TopicCalls;
import io.netty.util.Timer;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** Puts the consumer resource together, and sweeps it now and then. */
public final class ConsumerResource {

    private final Consumers consumers;
    private final ConsumerRoutes routes;
    private final Timer timer;
    private final long sweepMs;

    /** The resource of a gateway. */
    public ConsumerResource(
            ConsumerProperties properties,
            GroupSessions sessions,
            BodyReader bodies,
            TopicCalls topics,
            TopicDirectory directory,
            ProduceBatcher batcher,
            ReadServices reads) {
        ConsumerLog log = new ConsumerLog(properties, topics, directory, batcher, reads.reads(), reads.timer());
        this.consumers = new Consumers(log, sessions, properties, InstantSource.system(), reads.timer());
        this.routes = new ConsumerRoutes(bodies, new ConsumerCalls(consumers), properties, reads);
        this.timer = reads.timer();
        this.sweepMs = Math.max(500, properties.instanceTimeout().toMillis() / 10);
        sweepLater();
    }

    private void sweepLater() {
        timer.newTimeout(
                t -> {
                    consumers.sweep();
                    sweepLater();
                },
                sweepMs,
                TimeUnit.MILLISECONDS);
    }

    /** Adds its routes to a router. */
    public void addTo(Router router) {
        routes.addTo(router);
    }
}
