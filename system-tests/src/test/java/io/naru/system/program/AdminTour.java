package io.naru.system.program;

import io.naru.testkit.KafkaEndpoint;
import org.apache.kafka.clients.admin.Admin;

/** A tour through what Kafka's AdminClient can ask for. */
public final class AdminTour {
    private AdminTour() {}

    /** Runs it once, on a fresh server. */
    public static Transcript run(KafkaEndpoint endpoint) throws Exception {
        Transcript transcript = new Transcript();
        try (Admin admin = Clients.admin(endpoint)) {
            new TopicSteps(endpoint, admin, transcript).run();
            new ConfigSteps(admin, transcript).run();
            new WithoutSecuritySteps(admin, transcript).run();
        }
        return transcript;
    }
}
