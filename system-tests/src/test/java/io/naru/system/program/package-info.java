/**
 * One program on genuine Kafka clients that can be run against any {@link io.naru.testkit.KafkaEndpoint} and tells all
 * it saw as one {@link io.naru.system.program.Transcript}. Two servers are alike when the transcripts are equal.
 */
@NullMarked
package io.naru.system.program;

import org.jspecify.annotations.NullMarked;
