/**
 * The programs of the course notes (Korean, {@code kafka-notes-ko}), their typing errors mended and their endless loops given an end, run
 * as they are on genuine Kafka clients. What needs transactions or streams is left out.
 */
package io.naru.system.notes;
