package io.naru.coordinator.lifecycle;

import io.naru.coordinator.group.state.ClassicSettings;
import io.naru.coordinator.group.state.GroupSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration of a coordinator.
 *
 * @param bindAddress  address that listeners bind to
 * @param controlPlane where the controller is
 * @param session      heartbeats to the controller
 * @param coordinator  the coordinator itself
 */
@ConfigurationProperties("naru")
record CoordinatorProperties(
        @DefaultValue("127.0.0.1") String bindAddress,
        @DefaultValue ControlPlane controlPlane,
        @DefaultValue Session session,
        @DefaultValue Coordinator coordinator) {

    /**
     * The control plane.
     *
     * @param urls base URLs of the admin-services
     */
    record ControlPlane(
            @DefaultValue("http://127.0.0.1:8081") List<URI> urls) {}

    /**
     * The session with the controller.
     *
     * @param heartbeatInterval time between heartbeats
     */
    record Session(@DefaultValue("500ms") Duration heartbeatInterval) {}

    /**
     * The coordinator.
     *
     * @param id      instance id, unique in the cluster
     * @param kafka   Kafka listener
     * @param group   how groups behave
     * @param threads threads that shards are spread over
     */
    record Coordinator(
            @DefaultValue("0") int id,
            @DefaultValue Kafka kafka,
            @DefaultValue Group group,
            @DefaultValue("2") int threads) {}

    /**
     * The Kafka listener.
     *
     * @param port           port to bind; 0 takes a free one
     * @param advertisedHost host that clients are told; the bound address by default
     * @param advertisedPort port that clients are told; the bound one by default
     */
    record Kafka(
            @DefaultValue("9093") int port,
            @Nullable String advertisedHost,
            @Nullable Integer advertisedPort) {}

    /**
     * How groups behave.
     *
     * @param sessionTimeout     {@code group.consumer.session.timeout.ms}
     * @param heartbeatInterval  {@code group.consumer.heartbeat.interval.ms}
     * @param membersMax         {@code group.consumer.max.size}
     * @param offsetMetadataMax  {@code offset.metadata.max.bytes}
     * @param offsetsRetention   {@code offsets.retention.minutes}
     * @param offsetsCheck       {@code offsets.retention.check.interval.ms}
     * @param classic            groups of the classic protocol
     */
    record Group(
            @DefaultValue("45s") Duration sessionTimeout,
            @DefaultValue("5s") Duration heartbeatInterval,
            @DefaultValue("20000") int membersMax,
            @DefaultValue("4096") int offsetMetadataMax,
            @DefaultValue("7d") Duration offsetsRetention,
            @DefaultValue("10m") Duration offsetsCheck,
            @DefaultValue Classic classic) {

        GroupSettings settings() {
            return new GroupSettings(
                    Math.toIntExact(sessionTimeout.toMillis()),
                    Math.toIntExact(heartbeatInterval.toMillis()),
                    membersMax,
                    offsetMetadataMax,
                    offsetsRetention.toMillis(),
                    offsetsCheck.toMillis(),
                    classic.settings());
        }
    }

    /**
     * How groups of the classic protocol behave.
     *
     * @param sessionTimeoutMin     {@code group.min.session.timeout.ms}
     * @param sessionTimeoutMax     {@code group.max.session.timeout.ms}
     * @param initialRebalanceDelay {@code group.initial.rebalance.delay.ms}
     * @param newcomerTimeout       how long a member's first rebalance may take before the member is taken for lost
     */
    record Classic(
            @DefaultValue("6s") Duration sessionTimeoutMin,
            @DefaultValue("30m") Duration sessionTimeoutMax,
            @DefaultValue("3s") Duration initialRebalanceDelay,
            @DefaultValue("5m") Duration newcomerTimeout) {

        ClassicSettings settings() {
            return new ClassicSettings(
                    Math.toIntExact(sessionTimeoutMin.toMillis()),
                    Math.toIntExact(sessionTimeoutMax.toMillis()),
                    Math.toIntExact(initialRebalanceDelay.toMillis()),
                    Math.toIntExact(newcomerTimeout.toMillis()));
        }
    }

    /** The host that others are told to dial. */
    String advertisedHost() {
        String told = coordinator.kafka().advertisedHost();
        if (told != null) {
            return told;
        }
        return bindAddress.equals("0.0.0.0") || bindAddress.equals("::") ? "127.0.0.1" : bindAddress;
    }
}
