package io.naru.broker.tool;

import io.naru.broker.log.LogDamage;
import io.naru.broker.log.LogInspector;
import io.naru.broker.log.batch.BatchHeader;
import io.naru.protocol.record.FileSlice;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/** Prints what an inspection finds, one line each. Keys and values are cut at {@link #TEXT_MAX} characters. */
final class LogPrinter implements LogInspector.Visitor {

    private static final int TEXT_MAX = 100;

    private final PrintStream out;
    private final long limit;
    private final boolean records;
    private long batches;
    private long recordCount;
    private long bytes;
    private int segments;
    private int damaged;
    private int derived;

    /** @param limit how many batches are printed; all are checked */
    LogPrinter(PrintStream out, long limit, boolean records) {
        this.out = out;
        this.limit = limit;
        this.records = records;
    }

    @Override
    public void segment(Path file, long size) {
        segments++;
        bytes += size;
        if (batches < limit) {
            out.println(file.getFileName() + ", " + size + " bytes");
        }
    }

    @Override
    public void batch(ByteBuffer header, int position, int size, FileChannel channel) throws IOException {
        batches++;
        recordCount += BatchHeader.recordCount(header, 0);
        if (batches > limit) {
            if (batches == limit + 1 && limit > 0) {
                out.println("… (--limit " + limit + ")");
            }
            return;
        }
        int codec = BatchHeader.attributes(header, 0) & 7;
        out.println("  offsets " + BatchHeader.baseOffset(header, 0) + "–" + BatchHeader.lastOffset(header, 0) + " at "
                + position + ", " + size + " bytes, " + BatchHeader.recordCount(header, 0) + " records, leader epoch "
                + BatchHeader.leaderEpoch(header, 0) + ", max timestamp " + BatchHeader.maxTimestamp(header, 0) + ", "
                + (codec <= CompressionType.ZSTD.id ? CompressionType.forId(codec).name : "codec " + codec)
                + producer(header)
                + (BatchHeader.isTransactional(header, 0) ? ", transactional" : "")
                + (BatchHeader.isControl(header, 0) ? ", control" : ""));
        if (records) {
            print(new FileSlice(channel, position, size));
        }
    }

    private static String producer(ByteBuffer header) {
        return BatchHeader.hasProducerId(header, 0)
                ? ", producer " + BatchHeader.producerId(header, 0) + " epoch " + BatchHeader.producerEpoch(header, 0)
                        + " sequence " + BatchHeader.baseSequence(header, 0)
                : "";
    }

    private void print(FileSlice batch) throws IOException {
        try {
            for (Record record : batch.load().records()) {
                out.println("    " + record.offset() + " timestamp " + record.timestamp() + " key "
                        + text(record.hasKey() ? record.key() : null) + " value "
                        + text(record.hasValue() ? record.value() : null) + " headers " + record.headers().length);
            }
        } catch (KafkaException e) {
            out.println("    records cannot be read: " + e.getMessage());
        }
    }

    /** Printable as it is, else as bytes; never a control character on someone's terminal. */
    private static String text(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return "null";
        }
        String text = StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
        StringBuilder shown = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), TEXT_MAX); i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) || c == '\uFFFD' ? '.' : c);
        }
        return shown.append(text.length() > TEXT_MAX ? "…\" (" + bytes.remaining() + " bytes)" : "\"")
                .toString();
    }

    @Override
    public void damage(LogDamage damage) {
        damaged++;
        out.println("DAMAGED " + damage.file() + " at position " + damage.position() + ", offset " + damage.offset()
                + ", " + damage.bytes() + " bytes: " + damage.what());
    }

    @Override
    public void derived(Path file, String what) {
        derived++;
        out.println("note: " + file + ": " + what);
    }

    int damaged() {
        return damaged;
    }

    String summary(long nextOffset) {
        return (damaged == 0 ? "good" : damaged + " DAMAGED places") + ", " + segments + " segments, " + batches
                + " batches, " + recordCount + " records, " + bytes + " bytes, next offset " + nextOffset
                + (derived == 0 ? "" : ", " + derived + " notes on files that are built again");
    }
}
