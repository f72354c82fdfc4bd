package io.naru.coordinator.group;

import io.naru.coordinator.record.Bytes;
import io.naru.coordinator.record.MemberSubscription.ClassicProtocol;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/** What consumers say to each other in a classic group's protocol, as far as a coordinator wants to know it. */
final class ClassicSubscriptions {

    private ClassicSubscriptions() {}

    /** Topics a consumer subscribes to; the same in all its protocols. Empty if it does not speak the consumer protocol. */
    static Optional<Set<String>> topics(ClassicMember member) {
        return member.protocols().stream()
                .findFirst()
                .map(ClassicProtocol::metadata)
                .flatMap(ClassicSubscriptions::topics);
    }

    static Optional<Set<String>> topics(Bytes metadata) {
        return read(metadata).map(subscription -> new LinkedHashSet<>(subscription.topics()));
    }

    /** Version, then the fields that both sides know: later versions append theirs. */
    static Optional<ConsumerProtocolSubscription> read(Bytes metadata) {
        ByteBuffer buffer = metadata.buffer();
        if (buffer.remaining() < Short.BYTES) {
            return Optional.empty();
        }
        short version = buffer.getShort();
        if (version < ConsumerProtocolSubscription.LOWEST_SUPPORTED_VERSION) {
            return Optional.empty();
        }
        short known = version > ConsumerProtocolSubscription.HIGHEST_SUPPORTED_VERSION
                ? ConsumerProtocolSubscription.HIGHEST_SUPPORTED_VERSION
                : version;
        try {
            return Optional.of(new ConsumerProtocolSubscription(new ByteBufferAccessor(buffer), known));
        } catch (RuntimeException garbled) {
            // The generated readers throw whatever they stumble over; strangers write these bytes.
            return Optional.empty();
        }
    }
}
