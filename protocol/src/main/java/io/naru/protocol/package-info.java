/**
 * The Kafka wire protocol, shared by every service: {@link io.naru.protocol.codec} turns frames into kafka-clients' message classes
 * and back, {@link io.naru.protocol.server} listens, {@link io.naru.protocol.client} calls. Message classes, record batches, CRC and
 * compression are those of kafka-clients; nothing here knows Spring.
 */
@NullMarked
package io.naru.protocol;

import org.jspecify.annotations.NullMarked;
