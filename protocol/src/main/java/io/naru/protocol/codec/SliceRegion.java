package io.naru.protocol.codec;

import io.naru.protocol.record.FileSlice;
import io.netty.channel.DefaultFileRegion;

/** A file slice on its way to the socket by {@code sendfile}. Unlike its parent it leaves the segment's file open when it is done. */
final class SliceRegion extends DefaultFileRegion {

    SliceRegion(FileSlice slice) {
        super(slice.channel(), slice.position(), slice.sizeInBytes());
    }

    @Override
    protected void deallocate() {
        // the file belongs to its segment
    }
}
