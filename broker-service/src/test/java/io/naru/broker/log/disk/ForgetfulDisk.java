package io.naru.broker.log.disk;

import io.naru.testkit.disk.ForwardingChannel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** The local disk, whose fsync does nothing: what a log without fsync would be. To see that a test notices. */
public final class ForgetfulDisk implements Disk {

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        return new ForwardingChannel(Disk.local().open(file, options)) {
            @Override
            public void force(boolean metaData) {
                // not done
            }
        };
    }

    @Override
    public void syncDirectory(Path directory) {
        // not done
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        Disk.local().move(from, to);
    }

    @Override
    public boolean delete(Path file) throws IOException {
        return Disk.local().delete(file);
    }
}
