package io.naru.coordinator.group.state;

import io.naru.coordinator.record.Bytes;
import io.naru.coordinator.record.MemberSubscription.ClassicProtocol;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/** What consumers say to each other in a classic group's protocol, as far as a coordinator wants to know it. */
public final class ClassicSubscriptions {

    private ClassicSubscriptions() {}

    /** Topics a consumer subscribes to; the same in all its protocols. Empty if it does not speak the consumer protocol. */
    public static Optional<Set<String>> topics(ClassicMember member) {
        return member.protocols().stream()
                .findFirst()
                .map(ClassicProtocol::metadata)
                .flatMap(ClassicSubscriptions::topics);
    }

    static Optional<Set<String>> topics(Bytes metadata) {
        return read(metadata).map(subscription -> new LinkedHashSet<>(subscription.topics()));
    }

    public static Optional<ConsumerProtocolSubscription> read(Bytes metadata) {
        return read(
                metadata,
                ConsumerProtocolSubscription.HIGHEST_SUPPORTED_VERSION,
                (buffer, version) -> new ConsumerProtocolSubscription(new ByteBufferAccessor(buffer), version));
    }

    public static Optional<ConsumerProtocolAssignment> readAssignment(Bytes assignment) {
        return read(
                assignment,
                ConsumerProtocolAssignment.HIGHEST_SUPPORTED_VERSION,
                (buffer, version) -> new ConsumerProtocolAssignment(new ByteBufferAccessor(buffer), version));
    }

    private interface Reader<T> {
        T read(ByteBuffer buffer, short version);
    }

    /** Version, then the fields that both sides know: later versions append theirs. */
    private static <T> Optional<T> read(Bytes bytes, short newest, Reader<T> reader) {
        ByteBuffer buffer = bytes.buffer();
        if (buffer.remaining() < Short.BYTES) {
            return Optional.empty();
        }
        short version = buffer.getShort();
        if (version < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.read(buffer, version > newest ? newest : version));
        } catch (RuntimeException garbled) {
            // The generated readers throw whatever they stumble over; strangers write these bytes.
            return Optional.empty();
        }
    }
}
