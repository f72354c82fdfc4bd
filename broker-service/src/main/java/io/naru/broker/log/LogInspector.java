package io.naru.broker.log;

import io.naru.broker.log.batch.BatchHeader;
import io.naru.broker.log.checkpoint.EpochCheckpoint;
import io.naru.broker.log.disk.Disk;
import io.naru.broker.log.disk.FileBytes;
import io.naru.broker.log.producer.ProducerSnapshot;
import io.naru.broker.log.producer.ProducerStates;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Reads the files of one partition directory without changing any: every batch, every index entry, snapshots and the epoch checkpoint.
 * Memory is bounded by one segment's index. For a broker that is stopped, or a copy; on a running one the end of the last segment may
 * look torn.
 */
public final class LogInspector {

    private final Disk disk = Disk.local();
    private final Path directory;
    private final Visitor visitor;
    private long nextOffset = -1;

    /** Is told what is found, in order. */
    public interface Visitor {

        /** A segment file begins. */
        void segment(Path file, long bytes) throws IOException;

        /**
         * A batch whose frame is whole.
         *
         * @param header   its first {@link BatchHeader#SIZE} bytes, from position 0
         * @param channel  the file, to read the records from
         */
        void batch(ByteBuffer header, int position, int size, FileChannel channel) throws IOException;

        /** Something is not as it should be: what nobody can build again. */
        void damage(LogDamage damage);

        /** A file that the broker would build again is missing or wrong. */
        void derived(Path file, String what);
    }

    /** Inspects {@code directory}, which is named {@code <topic>-<partition>}. */
    public LogInspector(Path directory, Visitor visitor) {
        this.directory = directory;
        this.visitor = visitor;
    }

    /** Partition directories: {@code directory} itself, or those in it when it is a data directory. */
    public static List<Path> partitions(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path file : all) {
                if (LogFiles.offset(file.getFileName().toString(), LogFiles.LOG).isPresent()) {
                    return List.of(directory);
                }
                if (Files.isDirectory(file) && PartitionDirectory.parse(file).isPresent()) {
                    found.add(file);
                }
            }
        }
        found.sort(Path::compareTo);
        return found;
    }

    /** Goes through everything. */
    public void run() throws IOException {
        NavigableMap<Long, Path> segments = segments();
        for (Map.Entry<Long, Path> segment : segments.entrySet()) {
            Long following = segments.higherKey(segment.getKey());
            inspect(segment.getKey(), segment.getValue(), following == null ? -1 : following);
        }
        snapshots();
        Path epochs = directory.resolve(LogFiles.LEADER_EPOCHS);
        try {
            EpochCheckpoint.read(disk, epochs);
        } catch (NoSuchFileException e) {
            visitor.derived(epochs, "missing");
        } catch (IOException e) {
            visitor.derived(epochs, String.valueOf(e.getMessage()));
        }
    }

    private NavigableMap<Long, Path> segments() throws IOException {
        NavigableMap<Long, Path> found = new TreeMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path file : all) {
                String name = file.getFileName().toString();
                OptionalLong base = LogFiles.offset(name, LogFiles.LOG);
                base.ifPresent(offset -> found.put(offset, file));
                if (name.endsWith(LogFiles.CORRUPT)) {
                    visitor.derived(file, "bytes that were damaged, kept aside by the broker");
                } else if (name.endsWith(LogFiles.SWAP)) {
                    visitor.derived(file, "compaction was interrupted; the next start finishes it");
                }
            }
        }
        return found;
    }

    private void inspect(long baseOffset, Path file, long following) throws IOException {
        visitor.segment(file, Files.size(file));
        nextOffset = Math.max(nextOffset, baseOffset);
        Map<Integer, Long> lastOffsets = new HashMap<>();
        try (FileChannel channel = disk.open(file, StandardOpenOption.READ)) {
            OffsetIndex offsets = offsetIndex(baseOffset, channel.size());
            SegmentScanner batches = new SegmentScanner(() -> channel, 0, channel.size(), SegmentScanner.SWEEP_CHUNK);
            int entry = 0;
            long largest = -1;
            while (batches.next()) {
                check(file, batches);
                visitor.batch(batches.header(), batches.position(), batches.size(), channel);
                largest = Math.max(largest, batches.maxTimestamp());
                if (entry < offsets.count() && offsets.position(entry) == batches.position()) {
                    lastOffsets.put(entry++, batches.lastOffset());
                }
            }
            if (batches.position() < channel.size()) {
                rest(file, batches.position(), channel, following);
            }
            checkEntries(baseOffset, offsets, lastOffsets);
            checkTimes(baseOffset, largest);
        }
    }

    /** Zeros at the end are what a kill leaves of a preallocated segment; between segments only where no offset is missing. */
    private void rest(Path file, int position, FileChannel channel, long following) throws IOException {
        boolean complete = following < 0 || following == nextOffset;
        if (complete && TailDamage.isZero(channel, position, channel.size())) {
            visitor.derived(file, "zeros after the last batch, which the next start cuts off");
        } else {
            int bytes = (int) (channel.size() - position);
            visitor.damage(new LogDamage(file, position, nextOffset, bytes, "no batch"));
        }
    }

    private void check(Path file, SegmentScanner batches) throws IOException {
        String what = "";
        if (!batches.crcMatches()) {
            what = "CRC";
        } else if (batches.baseOffset() < nextOffset) {
            what = "offset " + batches.baseOffset() + " where " + nextOffset + " follows";
        }
        if (!what.isEmpty()) {
            visitor.damage(new LogDamage(file, batches.position(), nextOffset, batches.size(), what));
        }
        nextOffset = Math.max(nextOffset, batches.lastOffset() + 1);
    }

    private OffsetIndex offsetIndex(long baseOffset, long segmentSize) {
        Path file = LogFiles.file(directory, baseOffset, LogFiles.OFFSET_INDEX);
        try {
            return OffsetIndex.load(disk, file, baseOffset, segmentSize);
        } catch (NoSuchFileException e) {
            visitor.derived(file, "missing");
        } catch (IOException e) {
            visitor.derived(file, String.valueOf(e.getMessage()));
        }
        return new OffsetIndex(baseOffset);
    }

    private void checkEntries(long baseOffset, OffsetIndex offsets, Map<Integer, Long> lastOffsets) {
        for (int i = 0; i < offsets.count(); i++) {
            Long actual = lastOffsets.get(i);
            if (actual == null || actual != offsets.offset(i)) {
                visitor.derived(
                        LogFiles.file(directory, baseOffset, LogFiles.OFFSET_INDEX),
                        "entry " + i + " names offset " + offsets.offset(i) + " at position " + offsets.position(i)
                                + (actual == null ? ", where no batch begins" : ", where " + actual + " is"));
                return;
            }
        }
    }

    private void checkTimes(long baseOffset, long largest) {
        Path file = LogFiles.file(directory, baseOffset, LogFiles.TIME_INDEX);
        try {
            TimeIndex times = TimeIndex.load(disk, file, baseOffset);
            if (times.last().timestamp() > largest) {
                visitor.derived(file, "names " + times.last().timestamp() + ", later than any record");
            }
        } catch (NoSuchFileException e) {
            visitor.derived(file, "missing");
        } catch (IOException e) {
            visitor.derived(file, String.valueOf(e.getMessage()));
        }
    }

    private void snapshots() throws IOException {
        for (long offset : new ProducerFiles(disk, directory).offsets()) {
            Path file = LogFiles.file(directory, offset, LogFiles.SNAPSHOT);
            try {
                ProducerSnapshot.decode(
                        FileBytes.readAll(disk, file, ProducerSnapshot.bytesMax()), new ProducerStates());
            } catch (IOException e) {
                visitor.derived(file, String.valueOf(e.getMessage()));
            }
        }
    }

    /** Offset after the last batch seen. */
    public long nextOffset() {
        return Math.max(nextOffset, 0);
    }
}
