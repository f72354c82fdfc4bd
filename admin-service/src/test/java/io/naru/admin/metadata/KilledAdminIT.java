package io.naru.admin.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.admin.AdminProcess;
import io.naru.admin.AdminServer;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.Endpoint;
import io.naru.cluster.control.BrokerRegistration;
import io.naru.cluster.control.ControlPlaneClient;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.NewTopic;
import io.naru.cluster.control.ProducerIdRequest;
import io.naru.cluster.control.Registered;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 right after an answer: what was answered is there. */
class KilledAdminIT {

    @TempDir
    Path dataDir;

    @Test
    void answeredChangesSurviveAKill() throws Exception {
        String id;
        long producerIds;
        try (AdminProcess process = new AdminProcess(dataDir)) {
            ControlPlaneClient client = new ControlPlaneClient(List.of(process.url()));
            Registered broker = get(client.register(new BrokerRegistration(
                    1, "b", null, new Endpoint("127.0.0.1", 1), new Endpoint("127.0.0.1", 2), null, List.of())));
            get(client.brokerHeartbeat(1, new Heartbeat(broker.epoch(), broker.imageVersion(), false)));
            get(client.producerIds(new ProducerIdRequest(1, broker.epoch())));
            id = get(client.createTopics(new CreateTopics(
                            List.of(new NewTopic("last", 3, 1, Map.of(), Map.of("retention.ms", "1"))), false)))
                    .results()
                    .get(0)
                    .topicId();
            producerIds = get(client.producerIds(new ProducerIdRequest(1, broker.epoch())))
                    .first();
            process.kill();
        }
        try (AdminServer again = new AdminServer(dataDir)) {
            ClusterImage image =
                    get(again.controlPlane().image(null, Duration.ZERO)).orElseThrow();
            assertThat(image.topic("last"))
                    .hasValueSatisfying(topic -> assertThat(topic.topicId()).isEqualTo(id));
            long epoch = image.brokers().get(1).epoch();
            assertThat(get(again.controlPlane().producerIds(new ProducerIdRequest(1, epoch)))
                            .first())
                    .isEqualTo(producerIds + 1000);
        }
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }
}
