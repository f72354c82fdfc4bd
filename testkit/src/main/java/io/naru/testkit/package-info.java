/**
 * What tests hold Naru against: {@link io.naru.testkit.NaruCluster} starts the real services as real processes,
 * {@link io.naru.testkit.ReferenceKafka} starts genuine Apache Kafka, and one program written against
 * {@link io.naru.testkit.KafkaEndpoint} runs on both. Beside them the small fakes that several modules want:
 * {@link io.naru.testkit.ManualClock} and {@link io.naru.testkit.TcpProxy}.
 *
 * <p>Nothing here is on the run-time class path of a service.
 */
@NullMarked
package io.naru.testkit;

import org.jspecify.annotations.NullMarked;
