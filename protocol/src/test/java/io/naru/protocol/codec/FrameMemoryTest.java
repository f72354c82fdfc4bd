package io.naru.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class FrameMemoryTest {

    private final FrameMemory memory = new FrameMemory(100);
    private final List<String> granted = new ArrayList<>();

    @Test
    void whoFindsNoneWaitsInTurn() {
        assertThat(memory.take(80, () -> {})).isTrue();
        assertThat(memory.take(90, () -> granted.add("large"))).isFalse();
        assertThat(memory.take(10, () -> granted.add("small")))
                .as("not before the large one")
                .isFalse();
        memory.giveBack(80);
        assertThat(granted).containsExactly("large", "small");
        assertThat(memory.free()).isZero();
    }

    @Test
    void aConnectionThatWaitsIsNotReadAndGoesOnWhenItsTurnComes() {
        memory.take(100, () -> {});
        EmbeddedChannel channel = connection();
        channel.writeInbound(frame(40));
        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(channel.inboundMessages()).isEmpty();
        memory.giveBack(100);
        channel.runPendingTasks();
        assertThat(channel.config().isAutoRead()).isTrue();
        ByteBuf arrived = channel.readInbound();
        assertThat(arrived.capacity()).isEqualTo(40);
        assertThat(memory.free()).as("held until the request is answered").isEqualTo(60);
        arrived.release();
    }

    @Test
    void whatAClosedConnectionHeldOrWaitedForIsThereAgain() {
        EmbeddedChannel halfway = connection();
        halfway.writeInbound(frame(90).slice(0, 30).retain());
        assertThat(memory.free()).as("a promise costs nothing").isEqualTo(100);
        memory.take(100, () -> {});
        EmbeddedChannel waiting = connection();
        waiting.writeInbound(frame(50));
        waiting.close();
        halfway.close();
        memory.giveBack(100);
        waiting.runPendingTasks();
        assertThat(memory.free()).isEqualTo(100);
    }

    @Test
    void whatGrowsWhenItIsParsedCostsWhatItGrowsTo() {
        EmbeddedChannel channel = connection();
        channel.writeInbound(
                Unpooled.buffer().writeInt(3).writeShort(ApiKeys.METADATA.id).writeZero(1));
        ByteBuf arrived = channel.readInbound();
        assertThat(memory.free()).isEqualTo(100 - 3 * 32);
        arrived.release();
        memory.giveBack(3 * 32);
        assertThatThrownBy(
                        () -> channel.writeInbound(Unpooled.buffer().writeInt(4).writeShort(ApiKeys.METADATA.id)))
                .as("before it has come")
                .isInstanceOf(TooLongFrameException.class);
        assertThat(memory.free()).isEqualTo(100);
    }

    private EmbeddedChannel connection() {
        return new EmbeddedChannel(new FrameDecoder(100, 1_000, memory, new ReadGate()));
    }

    private static ByteBuf frame(int size) {
        return Unpooled.buffer().writeInt(size).writeZero(size);
    }
}
