package io.naru.broker.log.disk;

import io.naru.testkit.disk.ForwardingChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** The local disk, of which one directory tree can fail with EIO in what it is asked for. */
public final class FaultyDisk implements Disk {

    private volatile Path failing = Path.of("/nowhere");
    private volatile Set<Fault> faults = Set.of();
    private volatile String message = "";

    /** What can fail. */
    public enum Fault {
        /** Names: open, rename, removal, sync of a directory. */
        NAMES,
        READ,
        WRITE,
        SYNC
    }

    /** From now on everything below {@code tree} fails. */
    public void fail(Path tree) {
        fail(tree, EnumSet.allOf(Fault.class));
    }

    /** From now on these fail below {@code tree}, in files that are open already too. */
    public void fail(Path tree, Set<Fault> what) {
        fail(tree, what, "Input/output error");
    }

    /** From now on there is no space below {@code tree}. */
    public void fill(Path tree) {
        fail(tree, Set.of(Fault.WRITE), "No space left on device");
    }

    private void fail(Path tree, Set<Fault> what, String how) {
        failing = tree;
        message = how;
        faults = what;
    }

    /** From now on nothing fails. */
    public void heal() {
        faults = Set.of();
    }

    private void check(Path file, Fault fault) throws IOException {
        if (faults.contains(fault) && file.startsWith(failing)) {
            throw new IOException(message);
        }
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        check(file, Fault.NAMES);
        return new FaultyChannel(file, Disk.local().open(file, options));
    }

    private final class FaultyChannel extends ForwardingChannel {

        private final Path path;

        FaultyChannel(Path path, FileChannel file) {
            super(file);
            this.path = path;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            check(path, Fault.WRITE);
            return super.write(source, position);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            check(path, Fault.READ);
            return super.read(target, position);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            check(path, Fault.SYNC);
            super.force(metaData);
        }
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        check(directory, Fault.NAMES);
        Disk.local().syncDirectory(directory);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        check(from, Fault.NAMES);
        Disk.local().move(from, to);
    }

    @Override
    public boolean delete(Path file) throws IOException {
        check(file, Fault.NAMES);
        return Disk.local().delete(file);
    }
}
