package io.naru.protocol.client;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** A request on the wire. */
record PendingRequest(
        int correlationId, ApiKeys apiKey, short version, long deadlineNanos, CompletableFuture<ApiMessage> answer) {}
