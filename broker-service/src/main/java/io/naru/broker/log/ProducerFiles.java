package io.naru.broker.log;

import io.naru.broker.log.batch.BatchHeader;
import io.naru.broker.log.disk.Disk;
import io.naru.broker.log.disk.FileBytes;
import io.naru.broker.log.producer.ProducerBatch;
import io.naru.broker.log.producer.ProducerSnapshot;
import io.naru.broker.log.producer.ProducerStates;
import io.naru.protocol.record.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Producer snapshots of one partition directory, and the rebuilding of producer state from the newest good one plus the log after
 * it. Under the log's lock.
 */
final class ProducerFiles {

    private static final Logger LOGGER = LoggerFactory.getLogger(ProducerFiles.class);

    private final Disk disk;
    private final Path directory;

    ProducerFiles(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    /** Writes what is known up to {@code offset}; synced, so that it may stand for the log below it. */
    void write(ProducerStates states, long offset) throws IOException {
        FileBytes.replace(disk, file(offset), ProducerSnapshot.encode(states), true);
    }

    /** Writes the snapshot at {@code offset} unless it is there; nothing is written for a log in which nothing was ever appended. */
    void writeIfNew(ProducerStates states, long offset) throws IOException {
        if (offset > 0 && !Files.exists(file(offset))) {
            write(states, offset);
        }
    }

    /** Offsets of all snapshots, newest first. */
    List<Long> offsets() throws IOException {
        List<Long> offsets = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + LogFiles.SNAPSHOT)) {
            for (Path file : files) {
                LogFiles.offset(file.getFileName().toString(), LogFiles.SNAPSHOT)
                        .ifPresent(offsets::add);
            }
        }
        offsets.sort(Comparator.reverseOrder());
        return offsets;
    }

    /** Removes snapshots above {@code offset}; durable on return, so that they cannot come back for another history of the log. */
    void removeAbove(long offset) throws IOException {
        boolean removed = false;
        for (long snapshot : offsets()) {
            if (snapshot > offset) {
                removed |= disk.delete(file(snapshot));
            }
        }
        if (removed) {
            disk.syncDirectory(directory);
        }
    }

    /** Removes snapshots that neither a segment begins with nor the newest is. */
    void removeStray(SegmentList segments) throws IOException {
        List<Long> offsets = offsets();
        for (long snapshot : offsets.subList(Math.min(1, offsets.size()), offsets.size())) {
            LogSegment segment = segments.floor(snapshot);
            if (segment == null || segment.baseOffset() != snapshot) {
                disk.delete(file(snapshot));
            }
        }
    }

    /**
     * Makes sure of a good snapshot at {@code offset}, where a segment of {@code segments} begins. To be called before the segments
     * below are deleted: what they say of producers is in snapshots only from then on.
     */
    void ensure(long offset, SegmentList segments, long nowMs) throws IOException {
        ProducerStates states = new ProducerStates();
        if (load(states, offset) < 0) {
            rebuild(states, segments, offset, nowMs);
            write(states, offset);
        }
    }

    /** Fills {@code states} with what a log of these segments, ending at {@code end}, makes of the producers. */
    void rebuild(ProducerStates states, SegmentList segments, long end, long nowMs) throws IOException {
        long from = loadNewest(states, end);
        if (from >= end) {
            return;
        }
        long next = from;
        for (LogSegment segment : segments.from(from)) {
            BatchPosition first = segment.baseOffset() < end ? segment.find(from) : null;
            if (first == null) {
                continue;
            }
            SegmentScanner batches = segment.scan(first.position(), SegmentScanner.SWEEP_CHUNK);
            while (batches.next() && next < end) {
                ByteBuffer header = placed(batches.header(), next, end);
                int position = batches.position();
                int size = batches.size();
                replay(states, header, () -> segment.slice(position, size), nowMs);
                next = BatchHeader.lastOffset(header, 0) + 1;
            }
        }
    }

    /**
     * The header with its base offset, which no CRC covers: where that cannot be, a bit has changed that was not repaired yet, and the
     * batch follows the one before. Left out, its producer would seem to have sent nothing since, and everybody after it neither.
     */
    private static ByteBuffer placed(ByteBuffer header, long next, long end) {
        long told = BatchHeader.baseOffset(header, 0);
        if (told >= next && told < end) {
            return header;
        }
        ByteBuffer copy =
                ByteBuffer.allocate(header.remaining()).put(header.duplicate()).flip();
        return copy.putLong(0, next);
    }

    /** Fills {@code states} from the newest good snapshot at or below {@code end}; the offset up to which it tells, 0 when there is none. */
    long loadNewest(ProducerStates states, long end) throws IOException {
        states.clear();
        for (long offset : offsets()) {
            if (offset > end) {
                continue;
            }
            if (load(states, offset) >= 0) {
                return offset;
            }
        }
        return 0;
    }

    /** {@code offset}, or -1 when there is no good snapshot at it. */
    private long load(ProducerStates states, long offset) throws IOException {
        Path file = file(offset);
        if (!Files.exists(file)) {
            return -1;
        }
        try {
            ProducerSnapshot.decode(FileBytes.readAll(disk, file, ProducerSnapshot.bytesMax()), states);
            return offset;
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("reason", e.getMessage())
                    .log("producer snapshot removed, the log tells the same");
            disk.delete(file);
            return -1;
        }
    }

    /** The bytes of one batch, for the few that must be looked into. */
    interface Batch {
        FileSlice bytes() throws IOException;
    }

    /** Takes one batch of the log into {@code states}; {@code header} has its offset. */
    static void replay(ProducerStates states, ByteBuffer header, Batch batch, long nowMs) throws IOException {
        if (!BatchHeader.hasProducerId(header, 0)) {
            return;
        }
        if (BatchHeader.isControl(header, 0)) {
            for (Record record : batch.bytes().load().records()) {
                replayMarker(states, header, record, nowMs);
            }
        } else {
            states.stored(ProducerBatch.of(header, 0), BatchHeader.isTransactional(header, 0), nowMs);
        }
    }

    static void replayMarker(ProducerStates states, ByteBuffer header, Record record, long nowMs) {
        ControlRecordType type = ControlRecordType.parse(record.key());
        if (type == ControlRecordType.COMMIT || type == ControlRecordType.ABORT) {
            states.transactionEnded(
                    BatchHeader.producerId(header, 0),
                    BatchHeader.producerEpoch(header, 0),
                    EndTransactionMarker.deserialize(record).coordinatorEpoch(),
                    nowMs);
        }
    }

    private Path file(long offset) {
        return LogFiles.file(directory, offset, LogFiles.SNAPSHOT);
    }
}
