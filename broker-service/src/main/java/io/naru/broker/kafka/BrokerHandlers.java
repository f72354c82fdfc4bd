package io.naru.broker.kafka;

import io.naru.broker.partition.PartitionTable;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.control.ControlPlaneClient;
import io.naru.cluster.control.ImageHolder;
import io.naru.cluster.control.ProducerIdRequest;
import io.naru.protocol.server.RequestHandler;
import io.netty.util.Timer;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** All handlers of a broker, in whatever world they are to live. */
public final class BrokerHandlers {

    private static final int FETCH_SESSIONS_MAX = 1_000;
    private static final int SESSION_PARTITIONS_MAX = 20_000;

    private BrokerHandlers() {}

    /**
     * Where handlers have their time and their threads from.
     *
     * @param workers run what may wait for a disk
     * @param timer   ends what has waited long enough
     * @param clock   the time of day
     * @param nowMs   a clock that only goes forward
     * @param random  random numbers
     */
    public record World(Executor workers, Timer timer, Clock clock, LongSupplier nowMs, IntSupplier random) {}

    /**
     * The handlers that need nothing but partitions and the image: records and offsets.
     *
     * @param image the newest one
     */
    public static List<RequestHandler<?>> ofRecords(
            int brokerId, PartitionTable partitions, Supplier<ClusterImage> image, World world) {
        CurrentLeaders leaders = new CurrentLeaders(brokerId, partitions, image);
        FetchSessions sessions = new FetchSessions(FETCH_SESSIONS_MAX, SESSION_PARTITIONS_MAX, world.random());
        return List.of(
                new ProduceHandler(partitions, leaders, world.clock(), world.timer()),
                new FetchHandler(partitions, sessions, leaders, world.nowMs(), world.workers(), world.timer()),
                new ListOffsetsHandler(partitions),
                new OffsetForLeaderEpochHandler(partitions),
                new DeleteRecordsHandler(partitions));
    }

    /** The handlers that tell of logs and where they lie. */
    static List<RequestHandler<?>> ofDirectories(PartitionTable partitions, LogDirectoriesView directories) {
        return List.of(
                new DescribeLogDirsHandler(partitions, directories),
                new AlterReplicaLogDirsHandler(partitions, directories),
                new DescribeProducersHandler(partitions));
    }

    /** The handlers that answer from the image, or ask the controller. */
    static List<RequestHandler<?>> ofCluster(
            BrokerListener.Settings settings,
            ImageHolder images,
            Supplier<ClusterImage> image,
            ControlPlaneClient controlPlane,
            LongSupplier brokerEpoch) {
        int brokerId = settings.brokerId();
        ControllerRelay relay = new ControllerRelay(controlPlane, images);
        ConfigRelay configs = new ConfigRelay(relay);
        ProducerIds producerIds = new ProducerIds(() -> {
            long epoch = brokerEpoch.getAsLong();
            return epoch < 0
                    ? CompletableFuture.failedFuture(new IllegalStateException("not registered"))
                    : controlPlane.producerIds(new ProducerIdRequest(brokerId, epoch));
        });
        return List.of(
                new MetadataHandler(brokerId, image, relay, settings.autoCreate()),
                new FindCoordinatorHandler(image),
                new ListGroupsHandler(),
                new InitProducerIdHandler(producerIds),
                new CreateTopicsHandler(relay, settings.configs()),
                new DeleteTopicsHandler(relay),
                new CreatePartitionsHandler(relay),
                new ElectLeadersHandler(relay),
                new AlterPartitionReassignmentsHandler(relay),
                new ListPartitionReassignmentsHandler(image),
                new UnregisterBrokerHandler(relay),
                new DescribeClusterHandler(brokerId, image),
                new DescribeTopicPartitionsHandler(image),
                new DescribeConfigsHandler(brokerId, image, settings.configs()),
                new IncrementalAlterConfigsHandler(configs),
                new AlterConfigsHandler(configs),
                new ListConfigResourcesHandler(image));
    }
}
