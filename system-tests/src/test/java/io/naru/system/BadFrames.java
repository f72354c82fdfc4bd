package io.naru.system;

import static io.naru.system.RawKafka.bytes;
import static io.naru.system.RawKafka.frame;
import static io.naru.system.RawKafka.header;
import static io.naru.system.RawKafka.sized;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Byte strings that are no Kafka requests. The only good answer is to hang up. */
final class BadFrames {
    private static final int PRODUCE = 0;
    private static final int METADATA = 3;
    private static final int API_VERSIONS = 18;
    private static final byte[] NOTHING = new byte[0];

    private BadFrames() {}

    /** What is wrong with it, and the bytes. */
    static Map<String, byte[]> all() {
        Map<String, byte[]> frames = new LinkedHashMap<>();
        sizes(frames);
        otherProtocols(frames);
        requests(frames);
        counts(frames);
        return frames;
    }

    private static void sizes(Map<String, byte[]> frames) {
        frames.put("size -1", bytes(out -> out.writeInt(-1)));
        frames.put("size -2^31", bytes(out -> out.writeInt(Integer.MIN_VALUE)));
        frames.put("size 0", bytes(out -> out.writeInt(0)));
        frames.put("size 100 MiB + 1", bytes(out -> out.writeInt(100 * 1024 * 1024 + 1)));
        frames.put("size 2^31-1", bytes(out -> out.writeInt(Integer.MAX_VALUE)));
        frames.put("header of 4 bytes", sized(bytes(out -> out.writeInt(0x00120003))));
        frames.put("body missing", frame(METADATA, 1, NOTHING));
    }

    private static void otherProtocols(Map<String, byte[]> frames) {
        frames.put("HTTP", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frames.put(
                "TLS hello",
                bytes(out -> out.write(new byte[] {0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x03})));
    }

    private static void requests(Map<String, byte[]> frames) {
        frames.put("api key -1", frame(-1, 0, NOTHING));
        frames.put("api key 9999", frame(9999, 0, NOTHING));
        frames.put("Produce v-1", frame(PRODUCE, -1, NOTHING));
        frames.put("Produce v99", frame(PRODUCE, 99, NOTHING));
        frames.put("Produce v2", frame(PRODUCE, 2, bytes(out -> {
            out.writeShort(-1);
            out.writeInt(1_000);
            out.writeInt(0);
        })));
        frames.put("client id of length -2", sized(bytes(out -> {
            out.writeShort(METADATA);
            out.writeShort(1);
            out.writeInt(7);
            out.writeShort(-2);
            out.writeInt(0);
        })));
        frames.put("client id of length 32767 in 3 bytes", sized(bytes(out -> {
            out.writeShort(METADATA);
            out.writeShort(1);
            out.writeInt(7);
            out.writeShort(32_767);
            out.write(new byte[3]);
        })));
    }

    private static void counts(Map<String, byte[]> frames) {
        frames.put("20 million tags declared, none sent", sized(bytes(out -> {
            header(out, API_VERSIONS, 3);
            out.write(new byte[] {(byte) 0x80, (byte) 0xda, (byte) 0xc4, 0x09});
        })));
        frames.put("two tags of one number", sized(bytes(out -> {
            header(out, API_VERSIONS, 3);
            out.write(new byte[] {2, 5, 0, 5, 0});
            out.write(new byte[] {2, 'a', 2, 'b', 0});
        })));
        frames.put("a million tags, out of order", sized(bytes(out -> {
            header(out, API_VERSIONS, 3);
            out.write(new byte[] {(byte) 0xc0, (byte) 0x84, 0x3d});
            for (int i = 0; i < 1_000_000; i++) {
                out.write(new byte[] {9, 0});
            }
            out.write(new byte[] {2, 'a', 2, 'b', 0});
        })));
        frames.put("array of 25 million, really sent", frame(METADATA, 1, bytes(out -> {
            out.writeInt(25_000_000);
            out.write(new byte[50_000_000]);
        })));
        frames.put("ten million topics to produce to, really sent", sized(bytes(out -> {
            header(out, PRODUCE, 9);
            out.write(new byte[] {0, 0, -1, -1, 0, 0, 4, 0}); // no tags, no transactional id, acks, timeout
            out.write(new byte[] {(byte) 0x81, (byte) 0xad, (byte) 0xe2, 0x04});
            byte[] topics = new byte[30_000_000];
            for (int i = 0; i < topics.length; i += 3) {
                topics[i] = 1; // an empty name, no partitions
                topics[i + 1] = 1;
            }
            out.write(topics);
            out.write(0);
        })));
        frames.put("two tags of one number within a topic", sized(bytes(out -> {
            header(out, METADATA, 9);
            out.write(new byte[] {0, 2, 2, 'a', 2, 5, 0, 5, 0, 0, 0, 0, 0});
        })));
        frames.put("4 bytes after the request", frame(METADATA, 1, bytes(out -> {
            out.writeInt(0);
            out.writeInt(0);
        })));
        frames.put("tag of 2^31-1 bytes", sized(bytes(out -> {
            header(out, API_VERSIONS, 3);
            out.write(new byte[] {1, 0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07, 0, 0});
        })));
        frames.put("varint of 10 bytes", sized(bytes(out -> {
            header(out, API_VERSIONS, 3);
            for (int i = 0; i < 9; i++) {
                out.write(0xff);
            }
            out.write(1);
        })));
        frames.put("array of 2^31-1", frame(METADATA, 1, bytes(out -> out.writeInt(Integer.MAX_VALUE))));
        // An array of -5 is read as null, by Apache Kafka too: kafka-clients parses it, and says nothing.
        frames.put("array of 90 million in 8 bytes", frame(METADATA, 1, bytes(out -> {
            out.writeInt(90_000_000);
            out.writeInt(0);
        })));
        frames.put("compact array of 2^32-1", sized(bytes(out -> {
            header(out, METADATA, 12);
            out.write(new byte[] {0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f, 0, 0});
        })));
        frames.put("null topic name", frame(METADATA, 1, bytes(out -> {
            out.writeInt(1);
            out.writeShort(-1);
        })));
    }
}
