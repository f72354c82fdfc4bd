package io.naru.coordinator.group.state;

import io.naru.coordinator.record.Bytes;
import io.naru.coordinator.record.ClassicGroupValue;
import io.naru.coordinator.record.MemberSubscription.ClassicProtocol;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A member of a classic group as it last joined.
 *
 * @param groupInstanceId name of a static member, or null
 * @param protocols       what it supports, the one it likes best first; only the one chosen outlives the coordinator
 * @param assignment      what the leader gave it, in the words of the protocol
 */
public record ClassicMember(
        String memberId,
        @Nullable String groupInstanceId,
        Client client,
        int rebalanceTimeoutMs,
        int sessionTimeoutMs,
        List<ClassicProtocol> protocols,
        Bytes assignment) {

    /** Lengths and timeouts. */
    private static final int OVERHEAD = 64;

    public ClassicMember {
        protocols = List.copyOf(protocols);
    }

    static ClassicMember of(ClassicGroupValue.Member written, @Nullable String protocol) {
        return new ClassicMember(
                written.memberId(),
                written.groupInstanceId(),
                new Client(written.clientId(), written.clientHost()),
                written.rebalanceTimeoutMs(),
                written.sessionTimeoutMs(),
                protocol == null ? List.of() : List.of(new ClassicProtocol(protocol, written.subscription())),
                written.assignment());
    }

    ClassicGroupValue.Member toWrite(@Nullable String protocol) {
        return new ClassicGroupValue.Member(
                memberId,
                groupInstanceId,
                client.clientId(),
                client.clientHost(),
                rebalanceTimeoutMs,
                sessionTimeoutMs,
                metadata(protocol),
                assignment);
    }

    public boolean isStatic() {
        return groupInstanceId != null;
    }

    boolean supports(String protocol) {
        return protocols.stream().anyMatch(p -> p.name().equals(protocol));
    }

    /** What it says in that protocol; nothing if it does not speak it. */
    public Bytes metadata(@Nullable String protocol) {
        return protocols.stream()
                .filter(p -> p.name().equals(protocol))
                .findFirst()
                .map(ClassicProtocol::metadata)
                .orElse(Bytes.EMPTY);
    }

    /** The candidate it likes best. */
    Optional<String> vote(Set<String> candidates) {
        return protocols.stream()
                .map(ClassicProtocol::name)
                .filter(candidates::contains)
                .findFirst();
    }

    /** All it says about itself. */
    long metadataBytes() {
        return protocols.stream()
                .mapToLong(p -> p.name().length() + p.metadata().size())
                .sum();
    }

    /** At most so many bytes in a record of its group. */
    long bytes(@Nullable String protocol) {
        return OVERHEAD
                + utf8Max(memberId)
                + utf8Max(groupInstanceId)
                + utf8Max(client.clientId())
                + utf8Max(client.clientHost())
                + metadata(protocol).size()
                + assignment.size();
    }

    private static long utf8Max(@Nullable String text) {
        return text == null ? 0 : 3L * text.length();
    }

    ClassicMember with(Bytes newAssignment) {
        return new ClassicMember(
                memberId, groupInstanceId, client, rebalanceTimeoutMs, sessionTimeoutMs, protocols, newAssignment);
    }
}
