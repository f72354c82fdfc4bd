/**
 * The Kafka wire protocol, shared by every service: frames, requests and responses over Netty, and a non-blocking client. Message
 * classes and record batches are those of kafka-clients; nothing here knows Spring.
 */
@NullMarked
package io.naru.protocol;

import org.jspecify.annotations.NullMarked;
