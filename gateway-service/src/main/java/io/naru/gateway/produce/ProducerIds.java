package io.naru.gateway.produce;

import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.MetadataCache;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The producer identity that the gateway writes under, asked for when first needed. A partition whose last sequence number became
 * uncertain asks for another one and starts at zero again: the old one can then neither block nor duplicate anything.
 *
 * <p>Thread-safe. What waits is called on the thread that got the answer, and told whether there is an identity now.
 */
final class ProducerIds {

    private final KafkaClient client;
    private final MetadataCache metadata;
    private final List<Consumer<Boolean>> waiting = new ArrayList<>();
    private @Nullable ProducerIdentity current;
    private boolean asking;

    ProducerIds(KafkaClient client, MetadataCache metadata) {
        this.client = client;
        this.metadata = metadata;
    }

    /** An identity other than {@code worn}, or null: then {@code retry} is called once a broker was asked. */
    @Nullable
    ProducerIdentity get(@Nullable ProducerIdentity worn, Consumer<Boolean> retry) {
        synchronized (waiting) {
            ProducerIdentity known = current;
            if (known != null && !known.equals(worn)) {
                return known;
            }
            waiting.add(retry);
            if (asking) {
                return null;
            }
            asking = true;
        }
        ask();
        return null;
    }

    private void ask() {
        InitProducerIdRequestData request = new InitProducerIdRequestData()
                .setTransactionalId(null)
                .setTransactionTimeoutMs(Integer.MAX_VALUE)
                .setProducerId(-1)
                .setProducerEpoch((short) -1);
        client.send(metadata.anyNode(), request, InitProducerIdResponseData.class)
                .whenComplete((answer, error) -> {
                    boolean got = error == null && answer.errorCode() == Errors.NONE.code();
                    answered(got ? new ProducerIdentity(answer.producerId(), answer.producerEpoch()) : null);
                });
    }

    private void answered(@Nullable ProducerIdentity identity) {
        List<Consumer<Boolean>> told;
        synchronized (waiting) {
            if (identity != null) {
                current = identity;
            }
            asking = false;
            told = List.copyOf(waiting);
            waiting.clear();
        }
        told.forEach(retry -> retry.accept(identity != null));
    }
}
