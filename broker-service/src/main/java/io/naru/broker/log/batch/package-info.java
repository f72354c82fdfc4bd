/**
 * One record batch as bytes: its layout ({@link io.naru.broker.log.batch.BatchHeader}), the walk over its records that makes no
 * object per record, and what a leader checks and fills in before it appends ({@link io.naru.broker.log.batch.BatchValidator}).
 * First station of a produce after the socket; knows nothing of files.
 */
@NullMarked
package io.naru.broker.log.batch;

import org.jspecify.annotations.NullMarked;
