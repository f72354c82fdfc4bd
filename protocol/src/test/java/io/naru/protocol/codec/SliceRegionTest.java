package io.naru.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.protocol.record.FileSlice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SliceRegionTest {

    @TempDir
    private Path directory;

    @Test
    void whatIsNotSentToItsEndIsTold() throws IOException {
        Path file = directory.resolve("segment");
        Files.writeString(file, "0123456789");
        AtomicInteger told = new AtomicInteger();
        AtomicInteger sending = new AtomicInteger();
        FileSlice.Owner owner = new FileSlice.Owner() {
            @Override
            public void sending() {
                sending.incrementAndGet();
            }

            @Override
            public void cutShort() {
                told.incrementAndGet();
            }
        };
        try (FileChannel channel = FileChannel.open(file)) {
            FileSlice slice = new FileSlice(channel, 2, 5, owner);
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            SliceRegion whole = new SliceRegion(slice);
            assertThat(whole.transferTo(Channels.newChannel(sent), 0)).isEqualTo(5);
            whole.release();
            assertThat(sent).hasToString("23456");
            assertThat(told).hasValue(0);
            assertThat(sending).as("told of every piece").hasPositiveValue();
            new SliceRegion(slice).release();
            assertThat(told).hasValue(1);
            assertThat(channel.isOpen()).isTrue();
        }
    }
}
