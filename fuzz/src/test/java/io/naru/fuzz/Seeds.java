package io.naru.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** What the fuzzer begins with: one of everything that is right, and what is known to be wrong in an interesting way. */
final class Seeds {

    private static final long NOW = 1_700_000_000_000L;

    private Seeds() {}

    static List<byte[]> of(Class<?> target) {
        return switch (target.getSimpleName()) {
            case "RequestFuzzer" -> requests();
            case "BatchFuzzer" -> batches();
            case "RecoveryFuzzer" -> segments();
            case "JsonFuzzer" -> json();
            default -> bodies();
        };
    }

    /** Writes them to a directory, a file each. */
    static void write(Class<?> target, Path directory) throws IOException {
        Files.createDirectories(directory);
        int i = 0;
        for (byte[] seed : of(target)) {
            Files.write(directory.resolve("seed-" + i++), seed);
        }
    }

    /** Every version of every request with nothing in it, and a few bytes that promise more than comes. */
    private static List<byte[]> requests() {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < RequestFuzzer.VERSIONS.size(); i++) {
            ApiKeys key = ApiKeys.forId(RequestFuzzer.VERSIONS.get(i)[0]);
            short version = RequestFuzzer.VERSIONS.get(i)[1];
            ByteBuffer seed = ByteBuffer.allocate(64 * 1024).putShort((short) i);
            seed.putShort((short) 1).put((byte) 'c');
            if (key.requestHeaderVersion(version) >= 2) {
                seed.put((byte) 0);
            }
            ApiMessage empty = key.messageType.newRequest();
            try {
                ObjectSerializationCache cache = new ObjectSerializationCache();
                empty.size(cache, version);
                empty.write(new ByteBufferAccessor(seed), cache, version);
            } catch (RuntimeException needsMore) {
                continue;
            }
            byte[] bytes = new byte[seed.position()];
            seed.flip().get(bytes);
            all.add(bytes);
            if (key == ApiKeys.METADATA || key == ApiKeys.PRODUCE || key == ApiKeys.FETCH) {
                // A count of -5, of 2^31-1, a compact one of 2^32-1, a varint of ten bytes.
                all.add(with(bytes, 0xff, 0xff, 0xff, 0xfb));
                all.add(with(bytes, 0x7f, 0xff, 0xff, 0xff));
                all.add(with(bytes, 0xff, 0xff, 0xff, 0xff, 0x0f));
                all.add(with(bytes, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1));
            }
        }
        return all;
    }

    private static byte[] with(byte[] header, int... tail) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(header, 0, 5);
        for (int b : tail) {
            out.write(b);
        }
        return out.toByteArray();
    }

    private static List<byte[]> batches() {
        List<byte[]> all = new ArrayList<>();
        Header[] headers = {new RecordHeader("h", new byte[] {1}), new RecordHeader("n", null)};
        SimpleRecord[] records = {
            new SimpleRecord(NOW, "k".getBytes(StandardCharsets.UTF_8), "v".getBytes(StandardCharsets.UTF_8), headers),
            new SimpleRecord(NOW + 5, null, new byte[100]),
            new SimpleRecord(NOW - 5, new byte[0], null)
        };
        for (CompressionType type : CompressionType.values()) {
            MemoryRecords batch = MemoryRecords.withRecords(Compression.of(type).build(), records);
            all.add(bytes(batch));
        }
        all.add(bytes(MemoryRecords.withIdempotentRecords(Compression.NONE, 9L, (short) 1, 3, records)));
        all.add(bytes(MemoryRecords.withTransactionalRecords(Compression.NONE, 9L, (short) 1, 3, records)));
        return all;
    }

    private static byte[] bytes(MemoryRecords records) {
        byte[] bytes = new byte[records.sizeInBytes()];
        records.buffer().duplicate().get(bytes);
        return bytes;
    }

    /** Two batches one after the other, and what a torn write or a flipped bit leaves of them. */
    private static List<byte[]> segments() {
        List<byte[]> all = new ArrayList<>(batches());
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        byte[] first = batches().get(0);
        both.writeBytes(first);
        ByteBuffer second = ByteBuffer.wrap(first.clone()).putLong(0, 3);
        both.writeBytes(second.array());
        all.add(both.toByteArray());
        all.add(java.util.Arrays.copyOf(both.toByteArray(), both.size() - 7));
        byte[] flipped = both.toByteArray();
        flipped[first.length + 3] ^= 0x40;
        all.add(flipped);
        all.add(new byte[200]);
        return all;
    }

    private static List<byte[]> json() {
        return texts(
                "",
                "{\"key\":\"a\",\"value\":{\"b\":[1,-2.5e3,true,null,\"\\u00e9\\n\"]},\"headers\":{\"h\":\"v\"},\"partition\":1,"
                        + "\"timestamp\":7}",
                "{\"value\":{\"$binary\":\"AAEC\"}}",
                "{\"value\":{\"$text\":\"x\"},\"key\":null}",
                "[]",
                "null",
                "[null]",
                "{\"a\":1,\"a\":2}",
                "NaN",
                "1e9999",
                "\"\\ud800\"",
                "\ufeff{}",
                "[".repeat(65) + "]".repeat(65),
                "1".repeat(1001));
    }

    private static List<byte[]> bodies() {
        List<byte[]> all = new ArrayList<>();
        for (int choice = 0; choice < 9; choice++) {
            for (String body : new String[] {
                "{\"records\":[{\"key\":\"YQ==\",\"value\":\"YWI=\",\"partition\":1}]}",
                "{\"records\":[{\"value\":\"a\\\"\\u00e9\",\"timestamp\":5,\"headers\":[{\"key\":\"h\",\"value\":\"YQ==\"}]}]}",
                "{\"records\":[{\"value\":{\"a\": [1 , 2]}},{\"value\":null}],\"value_schema_id\":null}",
                "{\"records\":[{\"value\":\"\\/\\/8=\"}]}"
            }) {
                all.add(((char) choice + body).getBytes(StandardCharsets.UTF_8));
            }
        }
        return all;
    }

    private static List<byte[]> texts(String... texts) {
        List<byte[]> all = new ArrayList<>();
        for (String text : texts) {
            all.add(text.getBytes(StandardCharsets.UTF_8));
        }
        return all;
    }
}
