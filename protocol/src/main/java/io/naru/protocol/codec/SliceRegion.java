package io.naru.protocol.codec;

import io.naru.protocol.record.FileSlice;
import io.netty.channel.DefaultFileRegion;

/** A file slice on its way to the socket by {@code sendfile}. Unlike its parent it leaves the segment's file open when it is done. */
final class SliceRegion extends DefaultFileRegion {

    private final FileSlice slice;

    SliceRegion(FileSlice slice) {
        super(slice.channel(), slice.position(), slice.sizeInBytes());
        this.slice = slice;
    }

    @Override
    protected void deallocate() {
        if (transferred() < count()) {
            slice.cutShort().run();
        }
        // the file belongs to its segment and stays open
    }
}
