package io.naru.broker.log;

import io.naru.broker.log.producer.ProducerStates;

/**
 * What {@link LogLoader} found in a partition directory.
 *
 * @param segments       one at least, the last one active
 * @param logEndOffset   offset of the next record
 * @param logStartOffset first offset that readers may see
 * @param recoveryPoint  offset below which everything is synced
 * @param epochs         leader epochs from log start to log end
 * @param producers      idempotence state at the log end
 * @param openedMs       when it was looked at
 * @param cut            whether something was taken out of it that was no whole batch, and what followed
 */
record LoadedLog(
        SegmentList segments,
        long logEndOffset,
        long logStartOffset,
        long recoveryPoint,
        LeaderEpochs epochs,
        ProducerStates producers,
        long openedMs,
        boolean cut) {}
