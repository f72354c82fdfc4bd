package io.naru.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.utils.ByteUtils;
import org.junit.jupiter.api.Test;

class FrameMemoryTest {

    /** What a byte of a small Produce request costs: as far as anyone knows it has no records. */
    private static final int EACH = FrameMemory.STRUCTURE_FACTOR;

    private final FrameMemory memory = new FrameMemory(100 * EACH);
    private final List<String> granted = new ArrayList<>();

    @Test
    void whoFindsNoneWaitsInTurn() {
        assertThat(memory.take(80 * EACH, () -> {})).isTrue();
        assertThat(memory.take(90 * EACH, () -> granted.add("large"))).isFalse();
        assertThat(memory.take(10 * EACH, () -> granted.add("small")))
                .as("not before the large one")
                .isFalse();
        memory.giveBack(80 * EACH);
        assertThat(granted).containsExactly("large", "small");
        assertThat(memory.free()).isZero();
    }

    @Test
    void aConnectionThatWaitsIsNotReadAndGoesOnWhenItsTurnComes() {
        memory.take(100 * EACH, () -> {});
        EmbeddedChannel channel = connection();
        channel.writeInbound(frame(40));
        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(channel.inboundMessages()).isEmpty();
        memory.giveBack(100 * EACH);
        channel.runPendingTasks();
        assertThat(channel.config().isAutoRead()).isTrue();
        ByteBuf arrived = channel.readInbound();
        assertThat(arrived.capacity()).isEqualTo(40);
        assertThat(memory.free()).as("held until the request is answered").isEqualTo(60 * EACH);
        arrived.release();
    }

    @Test
    void whatAClosedConnectionHeldOrWaitedForIsThereAgain() {
        EmbeddedChannel halfway = connection();
        halfway.writeInbound(frame(90).slice(0, 30).retain());
        assertThat(memory.free()).as("a promise costs nothing").isEqualTo(100 * EACH);
        memory.take(100 * EACH, () -> {});
        EmbeddedChannel waiting = connection();
        waiting.writeInbound(frame(50));
        waiting.close();
        halfway.close();
        memory.giveBack(100 * EACH);
        waiting.runPendingTasks();
        assertThat(memory.free()).isEqualTo(100 * EACH);
    }

    @Test
    void whatGrowsWhenItIsParsedCostsWhatItGrowsTo() {
        EmbeddedChannel channel = connection();
        channel.writeInbound(
                Unpooled.buffer().writeInt(3).writeShort(ApiKeys.METADATA.id).writeZero(1));
        ByteBuf arrived = channel.readInbound();
        assertThat(memory.free()).isEqualTo(100 * EACH - 3 * 32);
        arrived.release();
        memory.giveBack(3 * 32);
        assertThatThrownBy(() -> channel.writeInbound(
                        Unpooled.buffer().writeInt(100 * EACH / 32 + 1).writeShort(ApiKeys.METADATA.id)))
                .as("before it has come")
                .isInstanceOf(TooLongFrameException.class);
        assertThat(memory.free()).isEqualTo(100 * EACH);
    }

    @Test
    void recordsOfAProduceRequestCostWhatTheyAreAndItsTopicsAndPartitionsWhatTheyBecome() {
        FrameMemory large = new FrameMemory(1 << 20);
        StructureMemory records = new StructureMemory(large);
        RequestCodec.readBody(produce(1, 1, 200_000), records);
        assertThat(large.free()).isEqualTo(1 << 20);
        StructureMemory partitions = new StructureMemory(large);
        RequestCodec.readBody(produce(10, 100, 0), partitions);
        assertThat(large.free())
                .as("1 000 partitions of 6 bytes")
                .isBetween((1 << 20) - 11_000L * EACH, (1 << 20) - 5_000L * EACH);
        partitions.giveBack();
        partitions.giveBack();
        assertThat(large.free()).isEqualTo(1 << 20);
    }

    @Test
    void topicsAndPartitionsThatFindNoMemoryAreRefusedBeforeTheyAreObjects() {
        for (int[] shape : new int[][] {{100_000, 0, 0}, {1, 100_000, 0}, {300, 300, 1}}) {
            FrameMemory large = new FrameMemory(1 << 20);
            StructureMemory structure = new StructureMemory(large);
            assertThatThrownBy(() -> RequestCodec.readBody(produce(shape[0], shape[1], 0), structure))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasStackTraceContaining(
                            shape[2] == 0 ? "Tried to allocate a collection" : "than there is memory for");
            structure.giveBack();
            assertThat(large.free()).isEqualTo(1 << 20);
        }
    }

    @Test
    void aCountThatIsNotKeptSizesNothingBeyondTheMemory() {
        FrameMemory large = new FrameMemory(1 << 20);
        ByteBuffer body = ByteBuffer.allocate(50_000_000);
        body.put((byte) 0).putShort((short) -1).putInt(1000); // no transactional id, acks, timeout
        ByteUtils.writeUnsignedVarint(40_000_000, body);
        body.rewind();
        assertThatThrownBy(() -> RequestCodec.readBody(head(body), new StructureMemory(large)))
                .isInstanceOf(InvalidRequestException.class)
                .hasStackTraceContaining("Tried to allocate a collection");
    }

    private static RequestCodec.Head produce(int topics, int partitions, int recordBytes) {
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1000);
        for (int topic = 0; topic < topics; topic++) {
            TopicProduceData data = new TopicProduceData().setName("t" + topic);
            for (int partition = 0; partition < partitions; partition++) {
                data.partitionData()
                        .add(new PartitionProduceData()
                                .setIndex(partition)
                                .setRecords(MemoryRecords.readableRecords(ByteBuffer.allocate(recordBytes))));
            }
            request.topicData().add(data);
        }
        return head(MessageUtil.toByteBufferAccessor(request, (short) 9).buffer());
    }

    private static RequestCodec.Head head(ByteBuffer body) {
        RequestHeaderData header =
                new RequestHeaderData().setRequestApiKey(ApiKeys.PRODUCE.id).setRequestApiVersion((short) 9);
        return new RequestCodec.Head(ApiKeys.PRODUCE, header, body);
    }

    private EmbeddedChannel connection() {
        return new EmbeddedChannel(new FrameDecoder(1_000, 1_000, memory, new ReadGate()));
    }

    private static ByteBuf frame(int size) {
        return Unpooled.buffer().writeInt(size).writeZero(size);
    }
}
