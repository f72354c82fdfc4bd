package io.naru.broker.kafka;

import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** InitProducerId, versions 0–5 (KIP-98), for idempotent producers. Transactional ids are refused: transactions are not served yet. */
final class InitProducerIdHandler implements RequestHandler<InitProducerIdRequestData> {

    private final ProducerIds producerIds;

    InitProducerIdHandler(ProducerIds producerIds) {
        this.producerIds = producerIds;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.INIT_PRODUCER_ID;
    }

    @Override
    public short versionMax() {
        return 5;
    }

    @Override
    public CompletionStage<ApiMessage> handle(InitProducerIdRequestData request, RequestContext context) {
        if (request.transactionalId() != null) {
            return CompletableFuture.completedFuture(failed(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
        }
        return producerIds
                .next()
                .handle((id, error) -> error == null
                        ? new InitProducerIdResponseData().setProducerId(id).setProducerEpoch((short) 0)
                        : failed(Errors.COORDINATOR_LOAD_IN_PROGRESS));
    }

    private static InitProducerIdResponseData failed(Errors error) {
        return new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(-1)
                .setProducerEpoch((short) -1);
    }
}
