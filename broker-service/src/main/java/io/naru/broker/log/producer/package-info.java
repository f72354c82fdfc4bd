/**
 * Idempotence of one partition: what each producer id appended last, so that a batch sent twice is stored once and a gap or an old
 * epoch is refused ({@link io.naru.broker.log.producer.ProducerStates}), and the snapshot file format in which that survives a restart.
 * Stands between validation and the write on the produce path; holds no lock and no clock of its own.
 */
@NullMarked
package io.naru.broker.log.producer;

import org.jspecify.annotations.NullMarked;
