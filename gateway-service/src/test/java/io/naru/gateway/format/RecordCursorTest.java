package io.naru.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCursorTest {

    private static final AbortedTransactions NONE = new AbortedTransactions(null);

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String show(MemoryRecords records, long from, RecordFormat format) {
        RecordCursor cursor = new RecordCursor(records, from, new AbortedTransactions(null));
        RecordWriter writer = new RecordWriter(format, format);
        JsonOut out = new JsonOut(16);
        byte[] prefix = RecordWriter.prefix("t", 3);
        while (cursor.next()) {
            writer.write(out, prefix, cursor);
            out.put('\n');
        }
        return out.toString();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void walksEveryCodecLikeKafkaItself(CompressionType codec) {
        Random random = new Random(5);
        List<SimpleRecord> given = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            byte[] key = i % 3 == 0 ? null : utf8("key" + i);
            byte[] value = i % 7 == 0 ? null : new byte[random.nextInt(2000)];
            if (value != null) {
                random.nextBytes(value);
            }
            Header[] headers = i % 5 == 0 ? new Header[] {new RecordHeader("h", utf8("x" + i))} : new Header[0];
            given.add(new SimpleRecord(1000L + i, key, value, headers));
        }
        MemoryRecords records =
                MemoryRecords.withRecords(100L, Compression.of(codec).build(), given.toArray(SimpleRecord[]::new));
        RecordCursor cursor = new RecordCursor(records, 123, NONE);
        for (int i = 23; i < 500; i++) {
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.offset()).isEqualTo(100 + i);
            assertThat(cursor.timestamp()).isEqualTo(1000 + i);
            ByteBuffer value = given.get(i).value();
            assertThat(cursor.valueCopy()).isEqualTo(Utils.toNullableArray(value));
            assertThat(cursor.keyLength()).isEqualTo(i % 3 == 0 ? -1 : ("key" + i).length());
            assertThat(cursor.headerCount()).isEqualTo(i % 5 == 0 ? 1 : 0);
        }
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.nextOffset()).isEqualTo(600);
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 1})
    void oldFormatsAreReadToo(byte magic) {
        MemoryRecords records = MemoryRecords.withRecords(
                magic,
                Compression.gzip().build(),
                new SimpleRecord(1L, utf8("k"), utf8("v")),
                new SimpleRecord(2L, null, utf8("w")));
        assertThat(show(records, 1, RecordFormat.TEXT))
                .contains("\"offset\":1")
                .contains("\"value\":\"w\"")
                .doesNotContain("\"v\"");
    }

    @Test
    void aFlippedBitIsNotServed() {
        MemoryRecords records = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(1L, null, utf8("hello")));
        ByteBuffer buffer = records.buffer();
        int at = records.sizeInBytes() - 2;
        buffer.put(at, (byte) (buffer.get(at) ^ 1));
        RecordCursor cursor = new RecordCursor(records, 0, NONE);
        assertThatThrownBy(cursor::next).isInstanceOf(CorruptRecordException.class);
    }

    @Test
    void aBatchCutShortAtTheEndIsLeftForTheNextFetch() {
        MemoryRecords first = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(1L, null, utf8("a")));
        MemoryRecords second = MemoryRecords.withRecords(1L, Compression.NONE, new SimpleRecord(1L, null, utf8("b")));
        ByteBuffer both = ByteBuffer.allocate(first.sizeInBytes() + second.sizeInBytes() - 1);
        both.put(first.buffer());
        both.put(second.buffer().slice(0, second.sizeInBytes() - 1));
        both.flip();
        RecordCursor cursor = new RecordCursor(MemoryRecords.readableRecords(both), 0, NONE);
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.nextOffset()).isEqualTo(1);
    }

    @Test
    void abortedTransactionsArePassedOverWhenAskedTo() {
        MemoryRecords aborted = MemoryRecords.withTransactionalRecords(
                0L,
                Compression.NONE,
                7L,
                (short) 0,
                0,
                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                new SimpleRecord(1L, null, utf8("bad")));
        MemoryRecords marker = MemoryRecords.withEndTransactionMarker(
                1L, 1L, 0, 7L, (short) 0, new EndTransactionMarker(ControlRecordType.ABORT, 0));
        MemoryRecords committed = MemoryRecords.withTransactionalRecords(
                2L,
                Compression.NONE,
                7L,
                (short) 0,
                1,
                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                new SimpleRecord(1L, null, utf8("good")));
        ByteBuffer all = ByteBuffer.allocate(aborted.sizeInBytes() + marker.sizeInBytes() + committed.sizeInBytes());
        all.put(aborted.buffer()).put(marker.buffer()).put(committed.buffer()).flip();
        MemoryRecords records = MemoryRecords.readableRecords(all);
        AbortedTransaction named = new AbortedTransaction().setProducerId(7).setFirstOffset(0);
        RecordCursor filtered = new RecordCursor(records, 0, new AbortedTransactions(List.of(named)));
        assertThat(filtered.next()).isTrue();
        assertThat(filtered.offset()).isEqualTo(2);
        assertThat(filtered.next()).isFalse();
        assertThat(show(records, 0, RecordFormat.TEXT).lines()).hasSize(2);
    }

    @Test
    void autoShowsEachRecordAsWhatItIsAndSaysSo() {
        MemoryRecords records = MemoryRecords.withRecords(
                Compression.NONE,
                new SimpleRecord(5L, utf8("k"), utf8("{\"a\":\n 1}")),
                new SimpleRecord(5L, null, utf8("hello")),
                new SimpleRecord(5L, utf8("7"), new byte[] {(byte) 0xff, 0}),
                new SimpleRecord(5L, utf8(""), null));
        assertThat(show(records, 0, RecordFormat.AUTO).lines())
                .containsExactly(
                        "{\"topic\":\"t\",\"partition\":3,\"offset\":0,\"timestamp\":5,\"key\":\"k\",\"value\":{\"a\":  1},\"key_format\":\"text\",\"value_format\":\"json\"}",
                        "{\"topic\":\"t\",\"partition\":3,\"offset\":1,\"timestamp\":5,\"key\":null,\"value\":\"hello\",\"value_format\":\"text\"}",
                        "{\"topic\":\"t\",\"partition\":3,\"offset\":2,\"timestamp\":5,\"key\":7,\"value\":\"/wA=\",\"key_format\":\"json\",\"value_format\":\"base64\"}",
                        "{\"topic\":\"t\",\"partition\":3,\"offset\":3,\"timestamp\":5,\"key\":\"\",\"value\":null,\"key_format\":\"text\"}");
    }

    @Test
    void whatDoesNotFitTheFormatAskedForComesInBase64WithAnError() {
        MemoryRecords records = MemoryRecords.withRecords(
                Compression.NONE,
                new SimpleRecord(5L, null, utf8("{}")),
                new SimpleRecord(5L, null, utf8("poison")),
                new SimpleRecord(5L, null, utf8("[]")));
        List<String> lines = show(records, 0, RecordFormat.JSON).lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).contains("\"value\":{}").doesNotContain("error", "format");
        assertThat(lines.get(1))
                .contains("\"value\":\"cG9pc29u\"", "\"value_format\":\"base64\"", "\"error\":{\"code\":42203");
        assertThat(lines.get(2)).contains("\"value\":[]").doesNotContain("error");
    }

    @Test
    void headersThatRepeatOrAreNoTextKeepAllTheyHave() {
        MemoryRecords records =
                MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(5L, null, utf8("v"), new Header[] {
                    new RecordHeader("a", utf8("1")),
                    new RecordHeader("b", new byte[] {(byte) 0xff}),
                    new RecordHeader("a", null)
                }));
        assertThat(show(records, 0, RecordFormat.TEXT))
                .contains("\"headers\":{\"a\":[\"1\",null],\"b\":{\"$binary\":\"/w==\"}}");
    }
}
