package io.naru.broker.kafka;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBrokerCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** DescribeCluster, versions 0–2: 1 adds the endpoint type (KIP-919), 2 fenced brokers (KIP-1073). */
final class DescribeClusterHandler implements RequestHandler<DescribeClusterRequestData> {

    private static final byte BROKERS = 1;

    private final int brokerId;
    private final Supplier<ClusterImage> image;

    DescribeClusterHandler(int brokerId, Supplier<ClusterImage> image) {
        this.brokerId = brokerId;
        this.image = image;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_CLUSTER;
    }

    @Override
    public CompletionStage<ApiMessage> handle(DescribeClusterRequestData request, RequestContext context) {
        if (request.endpointType() != BROKERS) {
            return CompletableFuture.completedFuture(new DescribeClusterResponseData()
                    .setErrorCode(Errors.UNSUPPORTED_ENDPOINT_TYPE.code())
                    .setErrorMessage("controllers have no Kafka listener; ask a broker"));
        }
        ClusterImage now = image.get();
        DescribeClusterBrokerCollection brokers = new DescribeClusterBrokerCollection();
        for (BrokerImage broker : now.brokers().values()) {
            if (!broker.fenced() || request.includeFencedBrokers()) {
                brokers.add(new DescribeClusterBroker()
                        .setBrokerId(broker.id())
                        .setHost(broker.kafka().host())
                        .setPort(broker.kafka().port())
                        .setRack(broker.rack())
                        .setIsFenced(broker.fenced()));
            }
        }
        return CompletableFuture.completedFuture(new DescribeClusterResponseData()
                .setEndpointType(BROKERS)
                .setClusterId(now.clusterId())
                .setControllerId(brokerId)
                .setBrokers(brokers));
    }
}
