package io.naru.broker.log.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A disk that keeps what was synced and nothing else it did not promise: {@link #powerCut} leaves an image in which unsynced bytes
 * are there, gone, or there in part, and of the unsynced changes of names the first few are there, as on a file system with a
 * journal, or any of them, as on one without. Runs on real files of one flat directory. It can also be
 * told to run full or to fail.
 */
public final class LossyDisk implements Disk {

    private static final int BLOCK = 64;

    private final Path directory;
    private final boolean syncs;
    private final Map<String, Inode> live = new HashMap<>();
    private final Set<FileChannel> open = new HashSet<>();
    private final List<Consumer<Map<String, Inode>>> unsyncedNames = new ArrayList<>();
    private Map<String, Inode> durable = new HashMap<>();
    private long bytesUntilFull = Long.MAX_VALUE;
    private boolean syncFails;
    private int syncCount;
    private long stepsToLive = Long.MAX_VALUE;
    private Runnable beforeSync = () -> {};

    /** What of one file survives. */
    static final class Inode {
        private byte[] durable = new byte[0];
    }

    /**
     * @param directory what is in it counts as durable
     * @param syncs     false for a disk whose fsync does nothing, to see that tests notice
     */
    public LossyDisk(Path directory, boolean syncs) throws IOException {
        this.directory = directory;
        this.syncs = syncs;
        Files.createDirectories(directory);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (!Files.isRegularFile(file)) {
                    continue;
                }
                Inode inode = new Inode();
                inode.durable = Files.readAllBytes(file);
                live.put(name(file), inode);
            }
        }
        durable.putAll(live);
    }

    /** Writes fail once so many more bytes have been written, and a write across the border is torn. */
    public void fullAfter(long bytes) {
        bytesUntilFull = bytes;
    }

    /** After so many more changes the process is gone: every later one fails. {@link #closeAll} and {@link #powerCut} end that. */
    public void dieAfter(long steps) {
        stepsToLive = steps;
    }

    /** Whether the process is gone. */
    public boolean dead() {
        return stepsToLive <= 0;
    }

    void step() throws IOException {
        if (stepsToLive <= 0) {
            throw new IOException("the process is gone");
        }
        if (stepsToLive != Long.MAX_VALUE) {
            stepsToLive--;
        }
    }

    /** From now on fsync fails. */
    public void failSyncs(boolean fail) {
        syncFails = fail;
    }

    /** fsyncs of files asked for so far. */
    public int syncCount() {
        return syncCount;
    }

    /** Runs in the thread that syncs a file, before it does. */
    public void beforeSync(Runnable action) {
        beforeSync = action;
    }

    /** The process is gone: its file handles are closed, everything it wrote is there. */
    public void closeAll() throws IOException {
        stepsToLive = Long.MAX_VALUE;
        for (FileChannel channel : new HashSet<>(open)) {
            channel.close();
        }
    }

    /** Writes what a power cut might leave into {@code image}. */
    public void powerCut(Path directory, Path image, RandomGenerator random) throws IOException {
        closeAll();
        Files.createDirectories(image);
        Map<String, Inode> names = new HashMap<>(durable);
        int kept = random.nextInt(3) > 0 ? random.nextInt(unsyncedNames.size() + 1) : unsyncedNames.size();
        boolean inOrder = random.nextBoolean();
        unsyncedNames.subList(0, kept).stream()
                .filter(change -> inOrder || random.nextBoolean())
                .forEach(change -> change.accept(names));
        for (Map.Entry<String, Inode> entry : names.entrySet()) {
            byte[] synced = entry.getValue().durable;
            Path file = directory.resolve(entry.getKey());
            byte[] written = live.get(entry.getKey()) == entry.getValue() && Files.exists(file)
                    ? Files.readAllBytes(file)
                    : synced;
            Files.write(image.resolve(entry.getKey()), mix(synced, written, random));
        }
    }

    private static byte[] mix(byte[] synced, byte[] written, RandomGenerator random) {
        int dice = random.nextInt(4);
        if (dice < 2) {
            return dice == 0 ? synced : written;
        }
        byte[] mixed =
                Arrays.copyOf(synced, random.nextBoolean() ? written.length : Math.max(synced.length, written.length));
        for (int from = 0; from < mixed.length; from += BLOCK) {
            int to = Math.min(Math.min(from + BLOCK, mixed.length), written.length);
            if (from < to && random.nextBoolean()) {
                System.arraycopy(written, from, mixed, from, to - from);
            }
        }
        return mixed;
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        Set<OpenOption> wanted = Set.of(options);
        boolean creates = wanted.contains(StandardOpenOption.CREATE) || wanted.contains(StandardOpenOption.CREATE_NEW);
        if (wanted.contains(StandardOpenOption.CREATE_NEW) && Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        if (creates) {
            step();
        }
        if (creates && bytesUntilFull == 0) {
            throw new IOException("No space left on device");
        }
        Set<OpenOption> readable = new HashSet<>(wanted);
        readable.add(StandardOpenOption.READ); // what is synced is read back
        FileChannel channel = FileChannel.open(file, readable);
        Inode inode = live.get(name(file));
        if (inode == null) {
            Inode created = new Inode();
            inode = created;
            change(names -> names.put(name(file), created));
        }
        FileChannel lossy = new LossyChannel(this, inode, channel);
        open.add(lossy);
        return lossy;
    }

    void closed(FileChannel channel) {
        open.remove(channel);
    }

    /** How many of {@code bytes} still fit; the disk is full from then on when not all do. */
    int admit(int bytes) throws IOException {
        step();
        if (bytes > 0 && bytesUntilFull == 0) {
            throw new IOException("No space left on device");
        }
        int admitted = (int) Math.min(bytes, bytesUntilFull);
        if (bytesUntilFull != Long.MAX_VALUE) {
            bytesUntilFull -= admitted;
        }
        return admitted;
    }

    void sync(Inode inode, FileChannel channel) throws IOException {
        step();
        syncCount++;
        beforeSync.run();
        if (syncFails) {
            throw new IOException("Input/output error");
        }
        if (syncs) {
            java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate((int) channel.size());
            FileBytes.readFully(channel, bytes, 0);
            inode.durable = bytes.array();
        }
    }

    @Override
    public void syncDirectory(Path which) throws IOException {
        step();
        if (syncFails) {
            throw new IOException("Input/output error");
        }
        if (syncs && which.equals(directory)) {
            durable = new HashMap<>(live);
            unsyncedNames.clear();
        }
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        step();
        Disk.local().move(from, to);
        change(names -> {
            Inode inode = names.remove(name(from));
            if (inode != null) {
                names.put(name(to), inode);
            }
        });
    }

    @Override
    public boolean delete(Path file) throws IOException {
        step();
        change(names -> names.remove(name(file)));
        return Disk.local().delete(file);
    }

    private void change(Consumer<Map<String, Inode>> change) {
        change.accept(live);
        unsyncedNames.add(change);
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
