package io.naru.broker.log.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BatchValidatorTest {

    static final long NOW = 1_700_000_000_000L;
    private static final long TEN_YEARS_MS = 10L * 365 * 86_400_000;
    private static final BatchRules RULES =
            new BatchRules(1_000_000, 10_000_000, false, Long.MAX_VALUE, 3_600_000, Optional.empty(), false);

    private static LeaderBatch validate(ByteBuffer bytes, BatchRules rules) {
        return BatchValidator.validate(bytes, rules, NOW);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void answersEachMalformedBatchWithItsError(String what, ByteBuffer bytes, Errors error) {
        assertThatThrownBy(() -> validate(bytes, RULES))
                .satisfies(e -> assertThat(Errors.forException(e)).isEqualTo(error));
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.remaining())
                .put(bytes.duplicate())
                .flip();
        assertThatThrownBy(() -> validate(direct, RULES))
                .satisfies(e -> assertThat(Errors.forException(e)).isEqualTo(error));
    }

    static Stream<Arguments> answersEachMalformedBatchWithItsError() {
        return Stream.of(frames(), headers(), recordBytes(), packed(), timestamps())
                .flatMap(part -> part);
    }

    private static Stream<Arguments> frames() {
        ByteBuffer good = one().build();
        ByteBuffer badCrc = one().build();
        badCrc.put(badCrc.limit() - 1, (byte) 99);
        ByteBuffer two = ByteBuffer.allocate(2 * good.limit())
                .put(one().build())
                .put(one().build())
                .flip();
        return Stream.of(
                arguments("W37 nothing", ByteBuffer.allocate(0), Errors.INVALID_RECORD),
                arguments("less than a header", ByteBuffer.allocate(10), Errors.CORRUPT_MESSAGE),
                arguments("W38 CRC", badCrc, Errors.CORRUPT_MESSAGE),
                arguments("W39 magic 0", one().magic(0).build(), Errors.INVALID_RECORD),
                arguments("W39 magic 1", one().magic(1).build(), Errors.INVALID_RECORD),
                arguments("W40 magic 3", one().magic(3).build(), Errors.CORRUPT_MESSAGE),
                arguments("W40 magic -1", one().magic(-1).build(), Errors.CORRUPT_MESSAGE),
                arguments("W41 length -1", one().build().putInt(8, -1), Errors.CORRUPT_MESSAGE),
                arguments("W41 length 5", one().build().putInt(8, 5), Errors.CORRUPT_MESSAGE),
                arguments("length 48", one().build().putInt(8, 48), Errors.CORRUPT_MESSAGE),
                arguments("W42 length beyond the data", one().build().putInt(8, 1000), Errors.CORRUPT_MESSAGE),
                arguments("length 2^31-1", one().build().putInt(8, Integer.MAX_VALUE), Errors.CORRUPT_MESSAGE),
                arguments("W42 data 3 short", good.duplicate().limit(good.limit() - 3), Errors.CORRUPT_MESSAGE),
                arguments("W48 two batches", two, Errors.INVALID_RECORD),
                arguments("W63 larger than max.message.bytes", large(1_000_000), Errors.MESSAGE_TOO_LARGE));
    }

    private static Stream<Arguments> headers() {
        return Stream.of(
                arguments("W43 count 5, one record", one().count(5).build(), Errors.INVALID_RECORD),
                arguments("W44 count 0", one().count(0).build(), Errors.INVALID_RECORD),
                arguments("W44 count -2", one().count(-2).build(), Errors.INVALID_RECORD),
                arguments("W44 count 2^31-1", one().count(Integer.MAX_VALUE).build(), Errors.INVALID_RECORD),
                arguments(
                        "W45 last offset delta 9, count 1",
                        one().lastOffsetDelta(9).build(),
                        Errors.INVALID_RECORD),
                arguments(
                        "last offset delta negative", one().lastOffsetDelta(-7).build(), Errors.INVALID_RECORD),
                arguments("W46 count 1, two records", one().record("b").count(1).build(), Errors.INVALID_RECORD),
                arguments("W47 base offset 999", one().baseOffset(999).build(), Errors.INVALID_RECORD),
                arguments("W49 control bit", one().attributes(0x20).build(), Errors.INVALID_RECORD),
                arguments("delete horizon bit", one().attributes(0x40).build(), Errors.INVALID_RECORD),
                arguments(
                        "transactional without producer id",
                        one().attributes(0x10).build(),
                        Errors.INVALID_RECORD),
                arguments("W58 sequence -1", one().producer(7, 0, -1).build(), Errors.INVALID_RECORD),
                arguments("producer epoch -1", one().producer(7, -1, 0).build(), Errors.INVALID_RECORD),
                arguments("producer id -2", one().producer(-2, 0, 0).build(), Errors.INVALID_RECORD),
                arguments("W51 codec 7", one().attributes(7).build(), Errors.UNSUPPORTED_COMPRESSION_TYPE),
                arguments("codec 5", one().attributes(5).build(), Errors.UNSUPPORTED_COMPRESSION_TYPE));
    }

    private static Stream<Arguments> recordBytes() {
        byte[] body = RawBatch.body(0, 0, "a");
        return Stream.of(
                arguments("no record bytes", new RawBatch().count(1).build(), Errors.INVALID_RECORD),
                arguments("W53 record length -5", raw(-5, body), Errors.INVALID_RECORD),
                arguments("W53 record length 10^9", raw(1_000_000_000, body), Errors.INVALID_RECORD),
                arguments("record length one short", raw(body.length - 1, body), Errors.INVALID_RECORD),
                arguments("record length one long", raw(body.length + 1, body), Errors.INVALID_RECORD),
                arguments("W54 header count -3", withHeaders(-3), Errors.INVALID_RECORD),
                arguments("W54 header count 10^9", withHeaders(1_000_000_000), Errors.INVALID_RECORD),
                arguments("W54 header key length -1", withHeaders(1, -1, 0), Errors.INVALID_RECORD),
                arguments("header value length -2", withHeaders(1, 0, -2), Errors.INVALID_RECORD),
                arguments("header value length 10^9", withHeaders(1, 0, 1_000_000_000), Errors.INVALID_RECORD),
                arguments("key length -2", keyLength(-2), Errors.INVALID_RECORD),
                arguments("key length 2^31-1", keyLength(Integer.MAX_VALUE), Errors.INVALID_RECORD),
                arguments(
                        "W55 offset delta 7", new RawBatch().recordAt(7, 0, "a").build(), Errors.INVALID_RECORD),
                arguments("offset delta twice", one().recordAt(0, 0, "b").build(), Errors.INVALID_RECORD),
                arguments("bytes after the last record", one().bytes((byte) 1).build(), Errors.INVALID_RECORD),
                arguments(
                        "varint of ten bytes",
                        new RawBatch()
                                .count(1)
                                .bytes(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1})
                                .build(),
                        Errors.INVALID_RECORD));
    }

    private static Stream<Arguments> packed() {
        byte[] junk = "this is nothing that any codec wrote, not by any means"
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return Stream.of(
                arguments("W51 junk gzip", one().attributes(1).build(), Errors.INVALID_RECORD),
                arguments(
                        "W51 junk snappy",
                        new RawBatch().attributes(2).count(1).bytes(junk).build(),
                        Errors.INVALID_RECORD),
                arguments(
                        "W51 junk lz4",
                        new RawBatch().attributes(3).count(1).bytes(junk).build(),
                        Errors.INVALID_RECORD),
                arguments(
                        "W51 junk zstd",
                        new RawBatch().attributes(4).count(1).bytes(junk).build(),
                        Errors.INVALID_RECORD),
                arguments(
                        "gzip of nothing",
                        new RawBatch().attributes(1).count(1).bytes(gzip(0)).build(),
                        Errors.INVALID_RECORD),
                arguments(
                        "W52 gzip bomb",
                        new RawBatch().attributes(1).count(1).bytes(bomb()).build(),
                        Errors.MESSAGE_TOO_LARGE),
                arguments(
                        "snappy block that says 2 GiB",
                        new RawBatch()
                                .attributes(2)
                                .count(1)
                                .bytes(snappyClaim())
                                .build(),
                        Errors.MESSAGE_TOO_LARGE),
                arguments("packed records cut short", cutPacked(), Errors.INVALID_RECORD));
    }

    private static Stream<Arguments> timestamps() {
        return Stream.of(
                arguments(
                        "W56 ten years ahead",
                        one().baseTimestamp(NOW + TEN_YEARS_MS).build(),
                        Errors.INVALID_TIMESTAMP),
                arguments(
                        "just above after.max",
                        one().baseTimestamp(NOW + 3_600_001).build(),
                        Errors.INVALID_TIMESTAMP),
                arguments("W57 -5", one().baseTimestamp(-5).build(), Errors.INVALID_TIMESTAMP),
                arguments(
                        "delta to below zero", one().recordAt(1, -NOW - 7, "b").build(), Errors.INVALID_TIMESTAMP),
                arguments(
                        "delta past 2^63",
                        one().recordAt(1, Long.MAX_VALUE, "b").build(),
                        Errors.INVALID_TIMESTAMP),
                arguments("says log append time", one().attributes(8).build(), Errors.INVALID_TIMESTAMP));
    }

    private static RawBatch one() {
        return new RawBatch().record("a");
    }

    private static ByteBuffer raw(int length, byte[] body) {
        return new RawBatch().recordWithLength(length, body).build();
    }

    private static ByteBuffer withHeaders(int... varints) {
        byte[] body = RawBatch.body(0, 0, "a", RawBatch.varint(varints));
        return new RawBatch().recordWithLength(body.length, body).build();
    }

    private static ByteBuffer keyLength(int length) {
        ByteBuffer body = ByteBuffer.allocate(32);
        body.put(new byte[] {0, 0, 0}).put(RawBatch.varint(length)).put((byte) 'k');
        byte[] bytes = java.util.Arrays.copyOf(body.array(), body.position());
        return new RawBatch().recordWithLength(bytes.length, bytes).build();
    }

    private static ByteBuffer large(int bytes) {
        return new RawBatch().record("x".repeat(bytes)).build();
    }

    private static byte[] gzip(int zeros) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream packed = new GZIPOutputStream(out)) {
            packed.write(new byte[zeros]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** One record whose value is 50 MB of zeros. */
    private static byte[] bomb() {
        byte[] body = RawBatch.body(0, 0, "\0".repeat(50_000_000));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream packed = new GZIPOutputStream(out)) {
            packed.write(RawBatch.varint(body.length));
            packed.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] snappyClaim() {
        return new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    }

    private static ByteBuffer cutPacked() {
        MemoryRecords good = MemoryRecords.withRecords(
                Compression.gzip().build(),
                new SimpleRecord(NOW, "k".getBytes(java.nio.charset.StandardCharsets.UTF_8), new byte[1000]));
        ByteBuffer cut = ByteBuffer.allocate(good.sizeInBytes() - 9);
        cut.put(good.buffer().limit(cut.capacity())).flip();
        return RawBatch.seal(cut.putInt(8, cut.limit() - BatchHeader.LOG_OVERHEAD));
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void takesGoodBatchesOfEveryCodecAsTheyAre(CompressionType codec) {
        SimpleRecord[] records = new SimpleRecord[500];
        for (int i = 0; i < records.length; i++) {
            records[i] = new SimpleRecord(
                    NOW + i, null, ("value " + i).repeat(i % 40).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        MemoryRecords good = MemoryRecords.withRecords(Compression.of(codec).build(), records);
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(good.sizeInBytes()).put(good.buffer()).flip();
        LeaderBatch taken = validate(bytes, RULES);
        assertThat(taken.buffer()).isEqualTo(good.buffer());
        assertThat(taken.count()).isEqualTo(500);
        assertThat(taken.maxTimestamp()).isEqualTo(NOW + 499);
        assertThat(taken.logAppendTimeMs()).isEqualTo(-1);
    }

    @Test
    void takesRecordsWithoutTimestamp() {
        assertThat(validate(one().baseTimestamp(-1).build(), RULES).maxTimestamp())
                .isEqualTo(-1);
    }

    @Test
    void setsAWrongMaximumTimestampRight() {
        ByteBuffer batch = RawBatch.seal(
                new RawBatch().record("a").recordAt(1, 5, "b").build().putLong(35, 12345));
        assertThat(validate(batch, RULES).maxTimestamp()).isEqualTo(NOW + 5);
        parsed(batch).ensureValid();
    }

    @Test
    void logAppendTimeReplacesTheTimestampsInPlace() {
        ByteBuffer batch = one().baseTimestamp(NOW - 77).build();
        BatchRules rules = new BatchRules(1_000_000, 10_000_000, true, 10, 10, Optional.empty(), false);
        assertThat(validate(batch, rules).logAppendTimeMs()).isEqualTo(NOW);
        RecordBatch stored = parsed(batch);
        stored.ensureValid();
        assertThat(stored.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(stored.iterator().next().timestamp()).isEqualTo(NOW);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void packsAnewWithTheCodecOfTheTopic(CompressionType codec) {
        BatchRules rules = new BatchRules(
                1_000_000,
                10_000_000,
                false,
                Long.MAX_VALUE,
                10,
                Optional.of(Compression.of(codec).build()),
                false);
        ByteBuffer batch =
                one().record("b".repeat(1000)).producer(9, 3, Integer.MAX_VALUE).build();
        LeaderBatch taken = validate(batch, rules);
        RecordBatch stored = parsed(taken.buffer());
        stored.ensureValid();
        assertThat(stored.compressionType()).isEqualTo(codec);
        assertThat(stored.producerId()).isEqualTo(9);
        assertThat(stored.producerEpoch()).isEqualTo((short) 3);
        assertThat(stored.baseSequence()).isEqualTo(Integer.MAX_VALUE);
        assertThat(stored.lastSequence()).isZero();
        assertThat(stored).hasSize(2).allMatch(record -> record.timestamp() == NOW);
        assertThat(taken.maxTimestamp()).isEqualTo(NOW);
    }

    @Test
    void compactedTopicsNeedKeys() {
        BatchRules rules = new BatchRules(1_000_000, 10_000_000, false, Long.MAX_VALUE, 10, Optional.empty(), true);
        assertThat(validate(one().build(), rules).count()).isEqualTo(1);
        ByteBuffer keyless = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(NOW, null, new byte[] {1}))
                .buffer();
        assertThat(validate(keyless.duplicate(), RULES).count()).isEqualTo(1);
        assertThatThrownBy(() -> validate(keyless, rules))
                .satisfies(e -> assertThat(Errors.forException(e)).isEqualTo(Errors.INVALID_RECORD));
    }

    @Test
    void oldRecordsAreRefusedWhereTheTopicSaysSo() {
        BatchRules rules = new BatchRules(1_000_000, 10_000_000, false, 1000, 10, Optional.empty(), false);
        assertThat(validate(one().baseTimestamp(NOW - 1000).build(), rules).count())
                .isEqualTo(1);
        assertThatThrownBy(() -> validate(one().baseTimestamp(NOW - 1001).build(), rules))
                .satisfies(e -> assertThat(Errors.forException(e)).isEqualTo(Errors.INVALID_TIMESTAMP));
    }

    @Test
    void recordsOfTheFutureAreRefusedWhereTheTopicSaysSo() {
        BatchRules rules = new BatchRules(1_000_000, 10_000_000, false, Long.MAX_VALUE, 1000, Optional.empty(), false);
        assertThat(validate(one().baseTimestamp(NOW + 1000).build(), rules).count())
                .isEqualTo(1);
        assertThatThrownBy(() -> validate(one().baseTimestamp(NOW + 1001).build(), rules))
                .satisfies(e -> assertThat(Errors.forException(e)).isEqualTo(Errors.INVALID_TIMESTAMP));
    }

    private static RecordBatch parsed(ByteBuffer bytes) {
        return MemoryRecords.readableRecords(bytes.duplicate())
                .batches()
                .iterator()
                .next();
    }
}
