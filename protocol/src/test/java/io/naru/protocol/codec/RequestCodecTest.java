package io.naru.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class RequestCodecTest {

    private static final byte[] NO_TAGS = {0};
    private static final byte[] ASCENDING = {2, 5, 0, 6, 0};
    private static final byte[] TWICE = {2, 5, 0, 5, 0};
    private static final byte[] DESCENDING = {2, 6, 0, 5, 0};

    /** ApiVersions, version 3. */
    private static ByteBuf frame(byte[] headerTags, byte[] bodyTags) {
        return Unpooled.buffer()
                .writeShort(ApiKeys.API_VERSIONS.id)
                .writeShort(3)
                .writeInt(7)
                .writeShort(-1)
                .writeBytes(headerTags)
                .writeBytes(new byte[] {2, 'a', 2, 'b'})
                .writeBytes(bodyTags);
    }

    @Test
    void unknownTagsInOrderAreTaken() {
        var head = RequestCodec.readHead(frame(ASCENDING, ASCENDING));
        assertThat(RequestCodec.readBody(head)).isInstanceOf(ApiVersionsRequestData.class);
    }

    @Test
    void tagsTwiceOrOutOfOrderAreRefused() {
        for (byte[] tags : new byte[][] {TWICE, DESCENDING}) {
            assertThatThrownBy(() -> RequestCodec.readHead(frame(tags, NO_TAGS)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("after tag");
            var head = RequestCodec.readHead(frame(NO_TAGS, tags));
            assertThatThrownBy(() -> RequestCodec.readBody(head))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("after tag");
        }
    }

    /** CreateTopics, version 5: one topic, and unknown tags within it. */
    @Test
    void theyAreRefusedWithinAStructToo() {
        for (byte[] tags : new byte[][] {TWICE, DESCENDING, ASCENDING}) {
            ByteBuf frame = Unpooled.buffer()
                    .writeShort(ApiKeys.CREATE_TOPICS.id)
                    .writeShort(5)
                    .writeInt(7)
                    .writeShort(-1)
                    .writeBytes(NO_TAGS)
                    .writeBytes(new byte[] {2, 2, 'a', 0, 0, 0, 1, 0, 1, 1, 1
                    }) // name, partitions, replicas, no assignments, no configs
                    .writeBytes(tags)
                    .writeInt(1000)
                    .writeByte(0)
                    .writeBytes(NO_TAGS);
            var head = RequestCodec.readHead(frame);
            if (tags == ASCENDING) {
                assertThat(RequestCodec.readBody(head)).isInstanceOf(CreateTopicsRequestData.class);
            } else {
                assertThatThrownBy(() -> RequestCodec.readBody(head))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("after tag");
            }
        }
    }
}
