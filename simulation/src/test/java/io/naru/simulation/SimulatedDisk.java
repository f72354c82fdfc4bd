package io.naru.simulation;

import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The disk of one machine: real files in a directory tree, of which {@link #cutPower} leaves what was synced, and of the rest whatever it
 * likes: all, nothing, or blocks of it; of the unsynced changes of names in a directory the first few. A directory that is moved is
 * where it was moved to at once. {@link #dieAfter} ends the process in the middle of what it writes.
 */
final class SimulatedDisk implements Disk {

    private static final int BLOCK = 64;

    private final Random random;
    private final Map<Path, Directory> directories = new TreeMap<>();
    private final Set<FileChannel> open = new LinkedHashSet<>();
    private long stepsToLive = Long.MAX_VALUE;

    /** What of one file survives. */
    static final class Inode {
        private byte[] durable = new byte[0];
    }

    private static final class Directory {
        private final Map<String, Inode> live = new TreeMap<>();
        private Map<String, Inode> durable = new TreeMap<>();
        private final List<Consumer<Map<String, Inode>>> unsynced = new ArrayList<>();

        void change(Consumer<Map<String, Inode>> change) {
            change.accept(live);
            unsynced.add(change);
        }
    }

    SimulatedDisk(Random random) {
        this.random = random;
    }

    /** After so many more changes the process is gone; the last write is torn. */
    void dieAfter(long steps) {
        stepsToLive = steps;
    }

    /** Whether the process will be gone soon, or is. */
    boolean dying() {
        return stepsToLive != Long.MAX_VALUE;
    }

    /** Whether the process is gone. */
    boolean dead() {
        return stepsToLive <= 0;
    }

    private void step() throws IOException {
        if (stepsToLive <= 0) {
            throw new IOException("the process is gone");
        }
        if (stepsToLive != Long.MAX_VALUE) {
            stepsToLive--;
        }
    }

    /** The process is gone: its handles are closed, what it wrote is there. */
    void closeAll() {
        stepsToLive = Long.MAX_VALUE;
        for (FileChannel channel : new ArrayList<>(open)) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new Violation("cannot close", e);
            }
        }
        open.clear();
    }

    /** Everything is gone. */
    void wipe(Path root) throws IOException {
        closeAll();
        directories.clear();
        Trees.delete(root);
    }

    /** Leaves what a power cut might leave. */
    void cutPower() throws IOException {
        closeAll();
        for (Map.Entry<Path, Directory> entry : directories.entrySet()) {
            cutPower(entry.getKey(), entry.getValue());
        }
    }

    private void cutPower(Path path, Directory directory) throws IOException {
        Map<String, Inode> names = new TreeMap<>(directory.durable);
        int all = directory.unsynced.size();
        int kept = random.nextInt(3) > 0 ? random.nextInt(all + 1) : all;
        directory.unsynced.subList(0, kept).forEach(change -> change.accept(names));
        Map<String, byte[]> contents = new TreeMap<>();
        for (Map.Entry<String, Inode> entry : names.entrySet()) {
            Path file = path.resolve(entry.getKey());
            byte[] synced = entry.getValue().durable;
            byte[] written = directory.live.get(entry.getKey()) == entry.getValue() && Files.exists(file)
                    ? Files.readAllBytes(file)
                    : synced;
            contents.put(entry.getKey(), mix(synced, written));
        }
        Set<String> gone = new HashSet<>(directory.live.keySet());
        gone.removeAll(names.keySet());
        for (String name : gone) {
            Files.deleteIfExists(path.resolve(name));
        }
        directory.live.clear();
        directory.unsynced.clear();
        for (Map.Entry<String, byte[]> entry : contents.entrySet()) {
            Files.createDirectories(path);
            Files.write(path.resolve(entry.getKey()), entry.getValue());
            Inode inode = new Inode();
            inode.durable = entry.getValue();
            directory.live.put(entry.getKey(), inode);
        }
        directory.durable = new TreeMap<>(directory.live);
    }

    private byte[] mix(byte[] synced, byte[] written) {
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

    private Directory directoryOf(Path file) {
        return directories.computeIfAbsent(file.getParent(), path -> new Directory());
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        Set<OpenOption> wanted = new HashSet<>(Arrays.asList(options));
        boolean creates = wanted.contains(StandardOpenOption.CREATE) || wanted.contains(StandardOpenOption.CREATE_NEW);
        if (wanted.contains(StandardOpenOption.CREATE_NEW) && Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        if (creates) {
            step();
        }
        wanted.add(StandardOpenOption.READ); // what is synced is read back
        FileChannel channel = FileChannel.open(file, wanted);
        Directory directory = directoryOf(file);
        Inode inode = directory.live.get(name(file));
        if (inode == null) {
            Inode created = new Inode();
            inode = created;
            directory.change(names -> names.put(name(file), created));
        }
        FileChannel simulated = new SimulatedFile(this, inode, channel);
        open.add(simulated);
        return simulated;
    }

    void closed(FileChannel channel) {
        open.remove(channel);
    }

    /** How many of {@code bytes} are written before the process is gone. */
    int admit(int bytes) throws IOException {
        boolean last = stepsToLive == 1;
        step();
        return last && bytes > 0 ? random.nextInt(bytes) : bytes;
    }

    void truncated() throws IOException {
        step();
    }

    void sync(Inode inode, FileChannel channel) throws IOException {
        step();
        ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
        int position = 0;
        while (bytes.hasRemaining()) {
            int read = channel.read(bytes, position);
            if (read < 0) {
                break;
            }
            position += read;
        }
        inode.durable = bytes.array();
    }

    @Override
    public void syncDirectory(Path path) throws IOException {
        step();
        Directory directory = directories.get(path);
        if (directory != null) {
            directory.durable = new TreeMap<>(directory.live);
            directory.unsynced.clear();
        }
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        step();
        boolean isDirectory = Files.isDirectory(from);
        Disk.local().move(from, to);
        if (isDirectory) {
            Directory moved = directories.remove(from);
            if (moved != null) {
                directories.put(to, moved);
            }
            return;
        }
        Inode inode = directoryOf(from).live.get(name(from));
        directoryOf(from).change(names -> {
            names.remove(name(from));
            if (inode != null && from.getParent().equals(to.getParent())) {
                names.put(name(to), inode);
            }
        });
        if (inode != null && !from.getParent().equals(to.getParent())) {
            directoryOf(to).change(names -> names.put(name(to), inode));
        }
    }

    @Override
    public boolean delete(Path file) throws IOException {
        step();
        if (Files.isDirectory(file)) {
            directories.remove(file);
        } else {
            directoryOf(file).change(names -> names.remove(name(file)));
        }
        return Disk.local().delete(file);
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
