package io.naru.broker.kafka;

import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** UnregisterBroker, version 0 (KIP-631): forgets a broker that will not come back. Relayed. */
final class UnregisterBrokerHandler implements RequestHandler<UnregisterBrokerRequestData> {

    private final ControllerRelay relay;

    UnregisterBrokerHandler(ControllerRelay relay) {
        this.relay = relay;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.UNREGISTER_BROKER;
    }

    @Override
    public CompletionStage<ApiMessage> handle(UnregisterBrokerRequestData request, RequestContext context) {
        return relay.unregister(request.brokerId(), context).handle((done, error) -> {
            UnregisterBrokerResponseData answer = new UnregisterBrokerResponseData().setErrorMessage(null);
            return error == null
                    ? answer
                    : answer.setErrorCode(KafkaErrors.ofControlPlane(error).code())
                            .setErrorMessage(KafkaErrors.message(error));
        });
    }
}
