package io.naru.coordinator.kafka;

import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Hands a request on to a broker and its answer back. Kafka's clients take a node they know for one that answers anything that needs no
 * particular node; a coordinator is such a node to them.
 */
final class BrokerRelay implements RequestHandler<ApiMessage> {

    private static final List<ApiKeys> RELAYED = List.of(
            ApiKeys.METADATA,
            ApiKeys.DESCRIBE_CLUSTER,
            ApiKeys.INIT_PRODUCER_ID,
            ApiKeys.CREATE_TOPICS,
            ApiKeys.DELETE_TOPICS,
            ApiKeys.CREATE_PARTITIONS,
            ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
            ApiKeys.DESCRIBE_CONFIGS,
            ApiKeys.ALTER_CONFIGS,
            ApiKeys.INCREMENTAL_ALTER_CONFIGS,
            ApiKeys.LIST_CONFIG_RESOURCES,
            ApiKeys.ELECT_LEADERS,
            ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
            ApiKeys.LIST_PARTITION_REASSIGNMENTS,
            ApiKeys.DESCRIBE_ACLS,
            ApiKeys.CREATE_ACLS,
            ApiKeys.DELETE_ACLS,
            ApiKeys.LIST_TRANSACTIONS,
            ApiKeys.DESCRIBE_CLIENT_QUOTAS,
            ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
            ApiKeys.CREATE_DELEGATION_TOKEN,
            ApiKeys.RENEW_DELEGATION_TOKEN,
            ApiKeys.EXPIRE_DELEGATION_TOKEN,
            ApiKeys.DESCRIBE_DELEGATION_TOKEN);

    private final ApiKeys apiKey;
    private final Function<ApiMessage, ? extends CompletionStage<? extends ApiMessage>> brokers;

    private BrokerRelay(ApiKeys apiKey, Function<ApiMessage, ? extends CompletionStage<? extends ApiMessage>> brokers) {
        this.apiKey = apiKey;
        this.brokers = brokers;
    }

    /** A relay for each API that needs no particular node. */
    static List<BrokerRelay> all(Function<ApiMessage, ? extends CompletionStage<? extends ApiMessage>> brokers) {
        return RELAYED.stream().map(api -> new BrokerRelay(api, brokers)).toList();
    }

    @Override
    public ApiKeys apiKey() {
        return apiKey;
    }

    @Override
    public short versionMax() {
        // The newest version of InitProducerId is about two-phase commit, which brokers do not serve.
        return apiKey == ApiKeys.INIT_PRODUCER_ID ? 5 : apiKey.latestVersion();
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(ApiMessage request, RequestContext context) {
        return brokers.apply(request);
    }
}
