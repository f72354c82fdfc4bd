package io.naru.protocol.extension;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.protocol.types.RawTaggedField;

/**
 * A batch that is appended only if the log ends at a certain offset. In a Produce request, version 9 and above, as a tagged field of the
 * partition:
 *
 * <pre>
 * tag 10000, 8 bytes: log end offset, big-endian
 * </pre>
 *
 * <p>The leader looks under the log's append lock. A log that ends elsewhere answers error 1 (OFFSET_OUT_OF_RANGE, which Produce has no
 * other use for), with its end as {@code base_offset}; nothing was appended. A batch that its producer and sequence show to be a
 * repetition is answered as such first, whatever the condition says.
 */
public final class ConditionalAppend {

    /** The number of the tagged field, and what a node that knows it names in its answer to ApiVersions. */
    public static final int TAG = 10_000;

    private ConditionalAppend() {}

    /** Makes the append depend on where the log ends. */
    public static void require(PartitionProduceData partition, long logEndOffset) {
        partition
                .unknownTaggedFields()
                .add(new RawTaggedField(
                        TAG,
                        ByteBuffer.allocate(Long.BYTES).putLong(logEndOffset).array()));
    }

    /**
     * The log end offset that an append depends on.
     *
     * @throws InvalidRequestException when the field is there and is no offset
     */
    public static OptionalLong required(PartitionProduceData partition) {
        List<RawTaggedField> tagged = partition.unknownTaggedFields();
        for (RawTaggedField field : tagged) {
            if (field.tag() == TAG) {
                long offset = field.data().length == Long.BYTES
                        ? ByteBuffer.wrap(field.data()).getLong()
                        : -1;
                if (offset < 0) {
                    throw new InvalidRequestException("tagged field " + TAG + " is no offset");
                }
                return OptionalLong.of(offset);
            }
        }
        return OptionalLong.empty();
    }
}
