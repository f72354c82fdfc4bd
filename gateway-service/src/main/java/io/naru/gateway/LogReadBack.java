package io.naru.gateway;

import io.naru.gateway.format.RecordCursor;
import io.naru.gateway.produce.ReadBack;
import io.naru.gateway.read.Isolation;
import io.naru.gateway.read.PartitionReads;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Looks at written records through the same fetches as everybody's. */
final class LogReadBack implements ReadBack {

    private static final int FETCH_BYTES = 64 * 1024;

    private final PartitionReads reads;

    LogReadBack(PartitionReads reads) {
        this.reads = reads;
    }

    @Override
    public CompletableFuture<@Nullable Stored> at(TopicPartition partition, long offset) {
        return reads.fetch(partition, offset, FETCH_BYTES, Isolation.READ_UNCOMMITTED)
                .thenApply(fetched -> {
                    if (fetched.error() != Errors.NONE) {
                        return null;
                    }
                    RecordCursor cursor = fetched.cursor(offset);
                    return cursor.next() && cursor.offset() == offset
                            ? new Stored(cursor.timestamp(), cursor.keyCopy(), cursor.valueCopy())
                            : null;
                });
    }
}
