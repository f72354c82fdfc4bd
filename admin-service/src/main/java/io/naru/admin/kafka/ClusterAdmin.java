package io.naru.admin.kafka;

import io.naru.admin.AdminProperties;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.Endpoint;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * One admin client for all calls. Made when first asked, made anew when brokers are registered elsewhere than it was told. Thread-safe;
 * nothing here waits: answers come on the client's own thread, on which nobody may wait either.
 */
@Component
public class ClusterAdmin implements AutoCloseable {

    private final Duration timeout;
    private List<String> addresses = List.of();
    private @Nullable Admin admin;
    private int made;
    private boolean closed;

    ClusterAdmin(AdminProperties properties) {
        this.timeout = properties.brokerTimeout();
    }

    /**
     * Asks a question.
     *
     * @param image    where the brokers are
     * @param question what to ask the client
     * @return fails with Kafka's exceptions; with {@link BrokerNotAvailableException} at once while no broker lives
     */
    public <A> CompletableFuture<A> ask(ClusterImage image, Function<Admin, KafkaFuture<A>> question) {
        if (image.liveBrokers().isEmpty()) {
            return CompletableFuture.failedFuture(new BrokerNotAvailableException("No broker is alive."));
        }
        return question.apply(client(image)).toCompletionStage().toCompletableFuture();
    }

    /**
     * Asks a question about several things, each of which is answered on its own.
     *
     * @return one answer for each
     */
    public <K, A> Map<K, CompletableFuture<A>> askEach(
            ClusterImage image, Function<Admin, Map<K, KafkaFuture<A>>> question) {
        if (image.liveBrokers().isEmpty()) {
            throw new BrokerNotAvailableException("No broker is alive.");
        }
        Map<K, CompletableFuture<A>> answers = new LinkedHashMap<>();
        question.apply(client(image))
                .forEach((key, answer) ->
                        answers.put(key, answer.toCompletionStage().toCompletableFuture()));
        return answers;
    }

    private synchronized Admin client(ClusterImage image) {
        if (closed) {
            throw new BrokerNotAvailableException("This admin-service is shutting down.");
        }
        List<String> now = image.brokers().values().stream()
                // Those that live come first: the client tries them in this order when it knows nobody.
                .sorted(Comparator.comparing(BrokerImage::fenced))
                .map(BrokerImage::kafka)
                .map(Endpoint::toString)
                .toList();
        Admin known = admin;
        if (known != null && addresses.containsAll(now)) {
            return known;
        }
        Admin next = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                now,
                AdminClientConfig.CLIENT_ID_CONFIG,
                "naru-admin-" + System.identityHashCode(this) + "-" + made++,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) timeout.toMillis(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                // Leaves time to ask again, of a coordinator that has moved for instance.
                (int) Math.max(1, timeout.toMillis() / 3),
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                500,
                AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG,
                "",
                AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG,
                false));
        admin = next;
        addresses = now;
        if (known != null) {
            // Waits for the answers that are still to come, so not here.
            Thread closer = new Thread(() -> known.close(timeout), "admin-client-close");
            closer.setDaemon(true);
            closer.start();
        }
        return next;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
