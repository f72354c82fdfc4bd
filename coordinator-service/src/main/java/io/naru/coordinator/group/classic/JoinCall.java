package io.naru.coordinator.group.classic;

import io.naru.coordinator.group.state.ClassicMember;
import io.naru.coordinator.group.state.ClassicSettings;
import io.naru.coordinator.group.state.Client;
import io.naru.coordinator.group.state.GroupIds;
import io.naru.coordinator.group.state.Later;
import io.naru.coordinator.record.Bytes;
import io.naru.coordinator.record.MemberSubscription.ClassicProtocol;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A JoinGroup request that is well-formed.
 *
 * @param version of the request
 * @param client  who asks
 * @param later   where the answer goes
 */
public record JoinCall(
        JoinGroupRequestData request,
        short version,
        Client client,
        List<ClassicProtocol> protocols,
        Later<JoinGroupResponseData> later) {

    /** All of a member's protocols together, in bytes: enough for thousands of topics, and a thousand members fit into memory. */
    private static final int METADATA_BYTES_MAX = 512 * 1024;

    private static final int PROTOCOLS_MAX = 100;
    private static final int REASON_MAX = 255;

    /**
     * Checks the request.
     *
     * @throws org.apache.kafka.common.errors.ApiException 24 for the group's id, 26 for the session timeout, 42 for what is too large
     */
    public static JoinCall of(
            JoinGroupRequestData request,
            short version,
            Client client,
            ClassicSettings settings,
            Later<JoinGroupResponseData> later) {
        GroupIds.checkGroup(request.groupId());
        GroupIds.check("MemberId", request.memberId());
        GroupIds.check("GroupInstanceId", request.groupInstanceId());
        GroupIds.check("ProtocolType", request.protocolType());
        int sessionMs = request.sessionTimeoutMs();
        if (sessionMs < settings.sessionTimeoutMinMs() || sessionMs > settings.sessionTimeoutMaxMs()) {
            throw Errors.INVALID_SESSION_TIMEOUT.exception("the session timeout is " + sessionMs + " ms, not between "
                    + settings.sessionTimeoutMinMs() + " and " + settings.sessionTimeoutMaxMs());
        }
        List<ClassicProtocol> protocols = request.protocols().stream()
                .map(protocol -> new ClassicProtocol(protocol.name(), Bytes.copyOf(protocol.metadata())))
                .toList();
        long bytes = protocols.stream()
                .mapToLong(p -> p.name().length() + p.metadata().size())
                .sum();
        if (protocols.size() > PROTOCOLS_MAX || bytes > METADATA_BYTES_MAX) {
            throw Errors.INVALID_REQUEST.exception(protocols.size() + " protocols of " + bytes
                    + " bytes in all; at most " + PROTOCOLS_MAX + " and " + METADATA_BYTES_MAX + " are taken");
        }
        return new JoinCall(request, version, client, protocols, later);
    }

    public String memberId() {
        return request.memberId();
    }

    @Nullable
    public String instanceId() {
        return request.groupInstanceId();
    }

    public String protocolType() {
        return request.protocolType();
    }

    public int sessionTimeoutMs() {
        return request.sessionTimeoutMs();
    }

    public Set<String> protocolNames() {
        Set<String> names = new LinkedHashSet<>();
        protocols.forEach(protocol -> names.add(protocol.name()));
        return names;
    }

    /** How long its rebalances may take; before version 1 as long as a session. */
    public int rebalanceTimeoutMs() {
        return request.rebalanceTimeoutMs() < 0 ? request.sessionTimeoutMs() : request.rebalanceTimeoutMs();
    }

    /** The member as this request describes it. */
    ClassicMember member(String memberId, Bytes assignment) {
        return new ClassicMember(
                memberId,
                instanceId(),
                client,
                rebalanceTimeoutMs(),
                request.sessionTimeoutMs(),
                protocols,
                assignment);
    }

    /** What the client gives as its reason, to go behind another sentence. */
    String because() {
        String reason = request.reason();
        return reason == null || reason.isEmpty()
                ? ""
                : ": " + reason.substring(0, Math.min(reason.length(), REASON_MAX));
    }
}
