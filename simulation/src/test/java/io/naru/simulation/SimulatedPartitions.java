package io.naru.simulation;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.GroupShards;
import io.naru.cluster.TopicImage;
import io.naru.coordinator.shard.ShardPartitions;
import io.naru.protocol.client.Lane;
import io.naru.protocol.client.NodeAddress;
import io.naru.protocol.client.OutcomeUnknownException;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** {@code __consumer_offsets} over simulated connections, as KafkaClient and MetadataCache reach it. */
final class SimulatedPartitions implements ShardPartitions {

    private static final long ANSWER_MS_MAX = 15_000;
    private static final Map<ApiKeys, Short> VERSIONS =
            Map.of(ApiKeys.PRODUCE, (short) 13, ApiKeys.FETCH, (short) 17, ApiKeys.LIST_OFFSETS, (short) 10);

    private final SimulatedProcess process;
    private final ClientView view;

    SimulatedPartitions(Simulation world, SimulatedProcess process, Random random) {
        this.process = process;
        this.view = new ClientView(world, process, GroupShards.WRITER_CLIENT_ID, random);
        view.refresh();
    }

    @Override
    public CompletableFuture<Leader> leader(int shard) {
        return find(shard)
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new LeaderNotAvailableException("nobody is known to lead shard " + shard)));
    }

    private Optional<Leader> find(int shard) {
        ClusterImage image = view.image();
        if (image == null) {
            return Optional.empty();
        }
        return image.partition(TopicImage.CONSUMER_OFFSETS, shard)
                .flatMap(partition -> Optional.ofNullable(image.brokers().get(partition.leader())))
                .map(broker -> new Leader(
                        Uuid.fromString(
                                image.topics().get(TopicImage.CONSUMER_OFFSETS).topicId()),
                        new NodeAddress(broker.kafka().host(), broker.kafka().port())));
    }

    @Override
    public void forgetLeaders() {
        view.refresh();
    }

    @Override
    public <R extends ApiMessage> CompletableFuture<R> send(
            NodeAddress node, Lane lane, ApiMessage request, Class<R> response) {
        ApiKeys api = ApiKeys.forId(request.apiKey());
        return view.connection(node.host(), lane.purpose())
                .send(api, VERSIONS.get(api), request, ANSWER_MS_MAX)
                .handle((answer, error) -> {
                    if (error != null) {
                        throw new OutcomeUnknownException(String.valueOf(error.getMessage()));
                    }
                    return response.cast(answer);
                });
    }

    @Override
    public Executor after(long delayMs) {
        return task -> process.afterMs(delayMs, task);
    }
}
