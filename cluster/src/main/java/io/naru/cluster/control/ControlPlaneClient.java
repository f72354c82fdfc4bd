package io.naru.cluster.control;

import io.naru.cluster.ClusterImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls the controller over HTTP. Non-blocking and thread-safe. With several admin-services, a call goes to the one that answered
 * last; when that one cannot be reached or says it is not the active controller (503), the next call goes to the next one.
 *
 * <p>Futures fail with {@link ControlPlaneException} when the controller refused and with {@link IOException} when it could not be
 * reached; in the latter case the call may have taken effect.
 */
public final class ControlPlaneClient {

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    /** Two heartbeats that were lost without a word still leave time for a third, at another admin-service, within a session of 3 s. */
    private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(1);

    /** Beyond the wait that was asked for, until an answer begins. */
    private static final Duration IMAGE_TIMEOUT = Duration.ofSeconds(2);

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final List<URI> urls;
    private final HttpClient http;
    private final AtomicInteger current;
    private final @Nullable Actor actor;

    /**
     * A client for one control plane.
     *
     * @param urls base URLs of the admin-services, at least one
     */
    public ControlPlaneClient(List<URI> urls) {
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("no control plane URL; set naru.control-plane.urls");
        }
        this.urls = List.copyOf(urls);
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build();
        this.current = new AtomicInteger();
        this.actor = null;
    }

    private ControlPlaneClient(ControlPlaneClient other, Actor actor) {
        this.urls = other.urls;
        this.http = other.http;
        this.current = other.current;
        this.actor = actor;
    }

    /** The same client, for calls that somebody else has asked for: the change history names them. */
    public ControlPlaneClient onBehalfOf(Actor whoAsks) {
        return new ControlPlaneClient(this, whoAsks);
    }

    /** Registers a broker. Refused with error 101 while another incarnation's session lives, 104 for a foreign cluster id. */
    public CompletableFuture<Registered> register(BrokerRegistration registration) {
        return post(ControlPlanePaths.BROKERS, registration, Registered.class);
    }

    /** Registers a coordinator. */
    public CompletableFuture<Registered> register(CoordinatorRegistration registration) {
        return post(ControlPlanePaths.COORDINATORS, registration, Registered.class);
    }

    /** A broker's sign of life. Refused with status 409 when the epoch is not the registered one: register again. */
    public CompletableFuture<HeartbeatAnswer> brokerHeartbeat(int brokerId, Heartbeat heartbeat) {
        return post(
                ControlPlanePaths.BROKERS + "/" + brokerId + ControlPlanePaths.HEARTBEAT,
                heartbeat,
                HeartbeatAnswer.class,
                HEARTBEAT_TIMEOUT);
    }

    /** A coordinator's sign of life; refused like a broker's. */
    public CompletableFuture<HeartbeatAnswer> coordinatorHeartbeat(int coordinatorId, Heartbeat heartbeat) {
        return post(
                ControlPlanePaths.COORDINATORS + "/" + coordinatorId + ControlPlanePaths.HEARTBEAT,
                heartbeat,
                HeartbeatAnswer.class,
                HEARTBEAT_TIMEOUT);
    }

    /** Creates topics. */
    public CompletableFuture<TopicResults> createTopics(CreateTopics request) {
        return post(ControlPlanePaths.CREATE_TOPICS, request, TopicResults.class);
    }

    /** Deletes topics. */
    public CompletableFuture<TopicResults> deleteTopics(DeleteTopics request) {
        return post(ControlPlanePaths.DELETE_TOPICS, request, TopicResults.class);
    }

    /** Changes in-sync replicas. Refused as a whole with error 77 when the broker's epoch is not the registered one. */
    public CompletableFuture<AlteredPartitions> alterPartitions(AlterPartitions request) {
        return post(ControlPlanePaths.ALTER_PARTITIONS, request, AlteredPartitions.class);
    }

    /** Elects leaders. */
    public CompletableFuture<PartitionResults> electLeaders(ElectLeaders request) {
        return post(ControlPlanePaths.ELECT_LEADERS, request, PartitionResults.class);
    }

    /** Begins and cancels reassignments. */
    public CompletableFuture<PartitionResults> alterReassignments(AlterReassignments request) {
        return post(ControlPlanePaths.ALTER_REASSIGNMENTS, request, PartitionResults.class);
    }

    /** Sets and unsets configs. */
    public CompletableFuture<ConfigResults> alterConfigs(AlterConfigs request) {
        return post(ControlPlanePaths.ALTER_CONFIGS, request, ConfigResults.class);
    }

    /** Adds partitions to topics. */
    public CompletableFuture<TopicResults> createPartitions(CreatePartitions request) {
        return post(ControlPlanePaths.CREATE_PARTITIONS, request, TopicResults.class);
    }

    /** Forgets a broker that will not come back. Refused with 102 when there is none, 42 while it is alive or needed. */
    public CompletableFuture<Unregistered> unregisterBroker(int brokerId) {
        return post(
                ControlPlanePaths.BROKERS + "/" + brokerId + ControlPlanePaths.UNREGISTER,
                Map.of(),
                Unregistered.class);
    }

    /** Gets producer ids to hand out. */
    public CompletableFuture<ProducerIdBlock> producerIds(ProducerIdRequest request) {
        return post(ControlPlanePaths.PRODUCER_IDS, request, ProducerIdBlock.class);
    }

    /**
     * Waits for an image newer than {@code known}.
     *
     * @param known what the caller has, or null
     * @param wait  how long the controller may hold the call
     * @return the newer image, or empty when the wait passed without a change
     */
    public CompletableFuture<Optional<ClusterImage>> image(@Nullable ClusterImage known, Duration wait) {
        String query = known == null
                ? "?wait_ms=" + wait.toMillis()
                : "?after=" + known.version() + "&controller_epoch=" + known.controllerEpoch() + "&deltas=true&wait_ms="
                        + wait.toMillis();
        int url = current.get();
        HttpRequest request = HttpRequest.newBuilder(target(url, ControlPlanePaths.CLUSTER + query))
                .timeout(wait.plus(IMAGE_TIMEOUT))
                .header("Accept", "application/json")
                .build();
        return call(url, request)
                .thenApply(answer ->
                        answer.statusCode() == 204 ? Optional.empty() : Optional.of(read(answer.body(), known)));
    }

    /** A controller that knows nothing of deltas answers with the whole image, whatever it was asked for. */
    private static ClusterImage read(byte[] answer, @Nullable ClusterImage known) {
        if (known == null) {
            return JSON.readValue(answer, ClusterImage.class);
        }
        JsonNode update = JSON.readTree(answer);
        return update.has("clusterId")
                ? JSON.treeToValue(update, ClusterImage.class)
                : JSON.treeToValue(update, ClusterUpdate.class).from(known);
    }

    private <T> CompletableFuture<T> post(String path, Object body, Class<T> answerType) {
        return post(path, body, answerType, CALL_TIMEOUT);
    }

    private <T> CompletableFuture<T> post(String path, Object body, Class<T> answerType, Duration timeout) {
        int url = current.get();
        HttpRequest.Builder request = HttpRequest.newBuilder(target(url, path))
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        if (actor != null) {
            request.header(Actor.HEADER, actor.toHeader());
        }
        return call(url, request.build()).thenApply(answer -> JSON.readValue(answer.body(), answerType));
    }

    private CompletableFuture<HttpResponse<byte[]>> call(int url, HttpRequest request) {
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .whenComplete((answer, error) -> {
                    if (error != null || answer.statusCode() == 503) {
                        current.compareAndSet(url, (url + 1) % urls.size());
                    }
                })
                .thenApply(this::refuseErrors);
    }

    private HttpResponse<byte[]> refuseErrors(HttpResponse<byte[]> answer) {
        if (answer.statusCode() / 100 == 2) {
            return answer;
        }
        ControlPlaneError error;
        try {
            error = JSON.readValue(answer.body(), ControlPlaneError.class);
        } catch (RuntimeException notOurs) {
            error = new ControlPlaneError(
                    (short) -1, "HTTP " + answer.statusCode() + " from " + answer.uri() + " (is this admin-service?)");
        }
        throw new ControlPlaneException(answer.statusCode(), error);
    }

    private URI target(int url, String pathAndQuery) {
        String base = urls.get(url).toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + pathAndQuery);
    }
}
