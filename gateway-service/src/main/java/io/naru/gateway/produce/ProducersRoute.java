package io.naru.gateway.produce;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Route;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.MetadataCache;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;

/** {@code POST /v1/producers}: a producer id of one's own, for {@code Producer-Id}. Nothing is kept for it here. */
public final class ProducersRoute implements Route {

    private final KafkaClient client;
    private final MetadataCache metadata;

    /** Asks the cluster through a client that its owner closes. */
    public ProducersRoute(KafkaClient client, MetadataCache metadata) {
        this.client = client;
        this.metadata = metadata;
    }

    @Override
    public void handle(Exchange exchange) {
        exchange.query().allow();
        exchange.suspend();
        InitProducerIdRequestData request = new InitProducerIdRequestData()
                .setTransactionalId(null)
                .setTransactionTimeoutMs(Integer.MAX_VALUE)
                .setProducerId(-1)
                .setProducerEpoch((short) -1);
        client.send(metadata.anyNode(), request, InitProducerIdResponseData.class)
                .whenComplete((answer, error) -> {
                    if (error != null) {
                        exchange.fail(error);
                    } else if (answer.errorCode() != Errors.NONE.code()) {
                        exchange.fail(Errors.forCode(answer.errorCode()).exception());
                    } else {
                        exchange.answer(
                                201,
                                MediaTypes.JSON,
                                new JsonOut(64)
                                        .ascii("{\"producer_id\":")
                                        .number(answer.producerId())
                                        .ascii(",\"producer_epoch\":")
                                        .number(answer.producerEpoch())
                                        .ascii("}\n"));
                    }
                });
    }
}
