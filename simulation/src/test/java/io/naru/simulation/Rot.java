package io.naru.simulation;

import io.naru.broker.log.DamagedBatchException;
import io.naru.broker.log.LogRead;
import io.naru.broker.partition.Partition;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;

/** Bits that have changed by themselves on one machine, in committed batches, header and all. */
final class Rot {

    private final List<Spot> spots = new ArrayList<>();

    private record Spot(Path file, long position, int original) {

        /** Whether the byte still is not what was written; a file that is gone, or shorter, or replaced, has no rot. */
        boolean isThere() {
            try {
                return Files.exists(file) && Files.size(file) > position && readByte(file, position) != original;
            } catch (IOException e) {
                return false;
            }
        }
    }

    private static int readByte(Path file, long position) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            open.seek(position);
            return open.read();
        }
    }

    /** Flips a bit of the batch that has {@code offset}; the bit. */
    String flip(Partition partition, long offset, Random random) throws IOException {
        LogRead read;
        try {
            read = partition.log().read(offset, 1, true, partition.highWatermark());
        } catch (DamagedBatchException already) {
            return "nothing, there is damage already";
        }
        if (read.sizeInBytes() == 0) {
            return "nothing";
        }
        Path file = partition.log().directory().resolve(String.format("%020d.log", read.segmentBaseOffset()));
        long position = (long) read.position() + random.nextInt(read.sizeInBytes());
        int original = readByte(file, position);
        int bit = random.nextInt(8);
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(position);
            open.write(original ^ (1 << bit));
        }
        spots.add(new Spot(file, position, original));
        return "bit " + bit + " of byte " + position + ", " + (position - read.position()) + " of its batch, in "
                + file;
    }

    /** The disk is another one: whatever it will hold at these places has nothing to do with what was there. */
    void forget() {
        spots.clear();
    }

    boolean isThere() {
        spots.removeIf(spot -> !spot.isThere());
        return !spots.isEmpty();
    }

    /** Whether there is any in a log that is in use; a replica that was moved away may leave its files behind. */
    boolean isIn(Collection<Partition> partitions) {
        return isThere()
                && spots.stream()
                        .anyMatch(spot -> partitions.stream()
                                .anyMatch(partition -> spot.file()
                                        .getParent()
                                        .equals(partition.log().directory())));
    }
}
