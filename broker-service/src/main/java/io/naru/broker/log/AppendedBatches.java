package io.naru.broker.log;

import io.naru.broker.log.batch.BatchHeader;
import io.naru.broker.log.producer.ProducerBatch;
import io.naru.broker.log.producer.ProducerStates;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;

/** Takes appended batches into the state beside the log: leader epochs and producers. Under the log's lock. */
final class AppendedBatches {

    private AppendedBatches() {}

    /** To be called before the write: after a crash the epoch checkpoint is then never behind the batches. */
    static void noteEpochs(ByteBuffer batches, LeaderEpochs epochs) {
        for (int at = batches.position(); at < batches.limit(); at += (int) BatchHeader.sizeInBytes(batches, at)) {
            epochs.assign(BatchHeader.leaderEpoch(batches, at), BatchHeader.baseOffset(batches, at));
        }
    }

    /** To be called after the write. */
    static void noteProducers(ByteBuffer batches, ProducerStates producers, long nowMs) {
        for (int at = batches.position(); at < batches.limit(); ) {
            int size = (int) BatchHeader.sizeInBytes(batches, at);
            if (BatchHeader.hasProducerId(batches, at)) {
                noteProducer(batches.slice(at, size), producers, nowMs);
            }
            at += size;
        }
    }

    /** To be called when batches have taken the place of damaged ones, which no replay of the log could read. */
    static void noteRepaired(ByteBuffer batches, ProducerStates producers, long nowMs) {
        for (int at = batches.position(); at < batches.limit(); ) {
            int size = (int) BatchHeader.sizeInBytes(batches, at);
            if (BatchHeader.hasProducerId(batches, at) && !BatchHeader.isControl(batches, at)) {
                ByteBuffer batch = batches.slice(at, size);
                producers.repaired(ProducerBatch.of(batch, 0), BatchHeader.isTransactional(batch, 0), nowMs);
            }
            at += size;
        }
    }

    private static void noteProducer(ByteBuffer batch, ProducerStates producers, long nowMs) {
        if (BatchHeader.isControl(batch, 0)) {
            for (Record record :
                    MemoryRecords.readableRecords(batch.duplicate()).records()) {
                ProducerFiles.replayMarker(producers, batch, record, nowMs);
            }
        } else {
            producers.stored(ProducerBatch.of(batch, 0), BatchHeader.isTransactional(batch, 0), nowMs);
        }
    }
}
