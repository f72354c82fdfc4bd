package io.naru.simulation;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** A process that answers Kafka's protocol. */
interface KafkaNode extends Network.Callee {

    /** Handles a request; one that fails breaks its connection. */
    CompletionStage<? extends @Nullable ApiMessage> handle(
            ApiKeys api, short version, ApiMessage request, String clientId);

    /** Someone has connected. */
    void accepted(Connection connection);
}
