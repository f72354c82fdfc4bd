package io.naru.gateway.format;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/** Which transactional batches of one fetch belong to transactions that were aborted (KIP-98). Goes forward with its cursor. */
public final class AbortedTransactions {

    private final List<AbortedTransaction> byFirstOffset;
    private final Set<Long> open = new HashSet<>();
    private int next;

    /** From what a read_committed fetch names; null for a fetch that takes everything. */
    public AbortedTransactions(@Nullable List<AbortedTransaction> named) {
        byFirstOffset = named == null ? List.of() : new ArrayList<>(named);
        if (!byFirstOffset.isEmpty()) {
            byFirstOffset.sort(Comparator.comparingLong(AbortedTransaction::firstOffset));
        }
    }

    /** Whether a producer's batch is part of an aborted transaction. */
    boolean covers(long producerId, long lastOffset) {
        while (next < byFirstOffset.size() && byFirstOffset.get(next).firstOffset() <= lastOffset) {
            open.add(byFirstOffset.get(next).producerId());
            next++;
        }
        return open.contains(producerId);
    }

    /** A control batch is passed: an abort marker ends its producer's transaction. */
    void marker(RecordBatch control) {
        if (byFirstOffset.isEmpty()) {
            return;
        }
        for (Record record : control) {
            if (ControlRecordType.parse(record.key()) == ControlRecordType.ABORT) {
                open.remove(control.producerId());
            }
        }
    }
}
