package io.naru.protocol.codec;

import io.naru.protocol.record.FileSlice;
import io.netty.channel.DefaultFileRegion;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** A file slice on its way to the socket by {@code sendfile}. Unlike its parent it leaves the segment's file open when it is done. */
final class SliceRegion extends DefaultFileRegion {

    private final FileSlice slice;

    SliceRegion(FileSlice slice) {
        super(slice.channel(), slice.position(), slice.sizeInBytes());
        this.slice = slice;
    }

    /** Called before bytes are sent by {@code sendfile}. */
    @Override
    public void open() throws IOException {
        slice.owner().sending();
        super.open();
    }

    /** Called where the transport has no {@code sendfile} of its own. */
    @Override
    public long transferTo(WritableByteChannel target, long position) throws IOException {
        slice.owner().sending();
        return super.transferTo(target, position);
    }

    @Override
    protected void deallocate() {
        if (transferred() < count()) {
            slice.owner().cutShort();
        }
        // the file belongs to its segment and stays open
    }
}
