package io.naru.simulation;

import io.naru.testkit.disk.ForwardingChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** An open file of a {@link SimulatedDisk}. */
final class SimulatedFile extends ForwardingChannel {

    private final SimulatedDisk disk;
    private final SimulatedDisk.Inode inode;

    SimulatedFile(SimulatedDisk disk, SimulatedDisk.Inode inode, FileChannel file) {
        super(file);
        this.disk = disk;
        this.inode = inode;
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        int admitted = disk.admit(source.remaining());
        ByteBuffer part = source.slice(source.position(), admitted);
        int written = super.write(part, position);
        source.position(source.position() + written);
        return written;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        disk.sync(inode, file());
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        disk.truncated();
        return super.truncate(size);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        disk.closed(this);
        super.implCloseChannel();
    }
}
