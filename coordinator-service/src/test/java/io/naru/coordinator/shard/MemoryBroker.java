package io.naru.coordinator.shard;

import io.naru.cluster.TopicImage;
import io.naru.protocol.client.NodeAddress;
import io.naru.protocol.server.KafkaServer;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import io.naru.protocol.server.ServerLimits;
import io.naru.protocol.server.ServerMetrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.ListOffsetsRequest;

/**
 * A broker that leads every partition of {@code __consumer_offsets}, as far as a coordinator uses one: idempotent appends, reads up to
 * the high watermark. Faults are queued and met by appends one by one.
 */
final class MemoryBroker implements AutoCloseable {

    static final Uuid TOPIC_ID = new Uuid(5, 5);
    private static final int BATCH_BYTES_MAX = 1_048_588;

    /** What happens to an append. */
    enum Fault {
        /** It is refused, and can be tried again. */
        NOT_LEADER,
        /** It is appended, and the answer gets lost. */
        ANSWER_LOST,
        /** It is appended, and too few replicas have it in time. */
        TIMED_OUT,
        /** It is refused for good. */
        REFUSED
    }

    private record Producer(short epoch, int lastSequence, long lastBase) {}

    private static final class Partition {
        private final List<MemoryRecords> batches = new ArrayList<>();
        private final Map<Long, Producer> producers = new HashMap<>();
        private long end;
    }

    final Deque<Fault> faults = new ArrayDeque<>();
    /** How many reads still see a high watermark of 0. */
    int staleReads;
    /** How many reads find a bit flipped in the last batch. */
    int damagedReads;

    private final Map<Integer, Partition> partitions = new HashMap<>();
    private final KafkaServer server;
    private final int partitionCount;

    MemoryBroker(int partitionCount) {
        this.partitionCount = partitionCount;
        server = KafkaServer.bind(
                "broker",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of(
                        new Handler<MetadataRequestData>(ApiKeys.METADATA, this::metadata),
                        new Handler<ProduceRequestData>(ApiKeys.PRODUCE, this::produce),
                        new Handler<FetchRequestData>(ApiKeys.FETCH, this::fetch),
                        new Handler<ListOffsetsRequestData>(ApiKeys.LIST_OFFSETS, this::listOffsets)),
                Runnable::run,
                ServerLimits.defaults(),
                ServerMetrics.NONE);
    }

    NodeAddress address() {
        return new NodeAddress("127.0.0.1", server.port());
    }

    /** Cuts the log, and forgets what producers have written beyond. */
    synchronized void loseEverything(int partition) {
        partitions.remove(partition);
    }

    synchronized long end(int partition) {
        return partition(partition).end;
    }

    private Partition partition(int index) {
        return partitions.computeIfAbsent(index, i -> new Partition());
    }

    private record Handler<Q extends ApiMessage>(ApiKeys apiKey, Function<Q, ApiMessage> answer)
            implements RequestHandler<Q> {

        @Override
        public CompletionStage<? extends ApiMessage> handle(Q request, RequestContext context) {
            ApiMessage response = answer.apply(request);
            return response == null
                    ? CompletableFuture.failedFuture(new java.io.IOException("the answer is lost"))
                    : CompletableFuture.completedFuture(response);
        }
    }

    private ApiMessage metadata(MetadataRequestData request) {
        MetadataResponseData response = new MetadataResponseData();
        response.brokers()
                .add(new MetadataResponseData.MetadataResponseBroker()
                        .setNodeId(1)
                        .setHost("127.0.0.1")
                        .setPort(server.port()));
        MetadataResponseData.MetadataResponseTopic topic = new MetadataResponseData.MetadataResponseTopic()
                .setName(TopicImage.CONSUMER_OFFSETS)
                .setTopicId(TOPIC_ID);
        for (int i = 0; i < partitionCount; i++) {
            topic.partitions()
                    .add(new MetadataResponseData.MetadataResponsePartition()
                            .setPartitionIndex(i)
                            .setLeaderId(1)
                            .setReplicaNodes(List.of(1))
                            .setIsrNodes(List.of(1)));
        }
        response.topics().add(topic);
        return response;
    }

    private synchronized ApiMessage produce(ProduceRequestData request) {
        var topic = request.topicData().iterator().next();
        var data = topic.partitionData().get(0);
        Fault fault = faults.poll();
        var result = new ProduceResponseData.PartitionProduceResponse().setIndex(data.index());
        if (fault == Fault.NOT_LEADER || fault == Fault.REFUSED) {
            result.setErrorCode(
                    (fault == Fault.REFUSED ? Errors.INVALID_RECORD : Errors.NOT_LEADER_OR_FOLLOWER).code());
        } else {
            append(partition(data.index()), (MemoryRecords) data.records(), result);
            if (fault == Fault.ANSWER_LOST) {
                return null;
            }
            if (fault == Fault.TIMED_OUT) {
                result.setErrorCode(Errors.REQUEST_TIMED_OUT.code());
            }
        }
        ProduceResponseData response = new ProduceResponseData();
        response.responses()
                .add(new ProduceResponseData.TopicProduceResponse()
                        .setName(topic.name())
                        .setTopicId(topic.topicId())
                        .setPartitionResponses(List.of(result)));
        return response;
    }

    private static void append(
            Partition partition, MemoryRecords records, ProduceResponseData.PartitionProduceResponse result) {
        ByteBuffer copy = ByteBuffer.allocate(records.sizeInBytes());
        copy.put(records.buffer().duplicate()).flip();
        MemoryRecords own = MemoryRecords.readableRecords(copy);
        MutableRecordBatch batch = own.batches().iterator().next();
        batch.ensureValid();
        Producer known = partition.producers.get(batch.producerId());
        Errors error = Errors.NONE;
        if (records.sizeInBytes() > BATCH_BYTES_MAX) {
            error = Errors.MESSAGE_TOO_LARGE;
        } else if (known != null && batch.producerEpoch() < known.epoch()) {
            error = Errors.INVALID_PRODUCER_EPOCH;
        } else if (known != null
                && batch.producerEpoch() == known.epoch()
                && batch.lastSequence() == known.lastSequence()) {
            result.setBaseOffset(known.lastBase());
            return;
        } else {
            int expected = known == null || batch.producerEpoch() > known.epoch() ? 0 : known.lastSequence() + 1;
            if (batch.baseSequence() != expected) {
                error = Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
            }
        }
        if (error != Errors.NONE) {
            result.setErrorCode(error.code());
            return;
        }
        long base = partition.end;
        int count = (int) (batch.lastOffset() - batch.baseOffset() + 1);
        batch.setLastOffset(base + count - 1);
        partition.batches.add(own);
        partition.end = base + count;
        partition.producers.put(batch.producerId(), new Producer(batch.producerEpoch(), batch.lastSequence(), base));
        result.setBaseOffset(base);
    }

    private synchronized ApiMessage fetch(FetchRequestData request) {
        var topic = request.topics().get(0);
        var asked = topic.partitions().get(0);
        Partition partition = partition(asked.partition());
        ByteBuffer bytes = ByteBuffer.allocate(8 * 1024 * 1024);
        if (staleReads > 0) {
            staleReads--;
        } else {
            for (MemoryRecords records : partition.batches) {
                RecordBatch batch = records.batches().iterator().next();
                if (batch.lastOffset() >= asked.fetchOffset() && bytes.position() < asked.partitionMaxBytes()) {
                    bytes.put(records.buffer().duplicate());
                }
            }
        }
        if (damagedReads > 0) {
            damagedReads--;
            bytes.put(bytes.position() - 2, (byte) (bytes.get(bytes.position() - 2) ^ 1));
        }
        bytes.flip();
        return new FetchResponseData()
                .setResponses(List.of(new FetchResponseData.FetchableTopicResponse()
                        .setTopic(topic.topic())
                        .setTopicId(topic.topicId())
                        .setPartitions(List.of(new FetchResponseData.PartitionData()
                                .setPartitionIndex(asked.partition())
                                .setHighWatermark(partition.end)
                                .setRecords(MemoryRecords.readableRecords(bytes))))));
    }

    private synchronized ApiMessage listOffsets(ListOffsetsRequestData request) {
        var topic = request.topics().get(0);
        var asked = topic.partitions().get(0);
        boolean latest = asked.timestamp() == ListOffsetsRequest.LATEST_TIMESTAMP;
        long offset = latest && staleReads == 0 ? partition(asked.partitionIndex()).end : 0;
        return new ListOffsetsResponseData()
                .setTopics(List.of(new ListOffsetsResponseData.ListOffsetsTopicResponse()
                        .setName(topic.name())
                        .setPartitions(List.of(new ListOffsetsResponseData.ListOffsetsPartitionResponse()
                                .setPartitionIndex(asked.partitionIndex())
                                .setOffset(offset)
                                .setTimestamp(-1)))));
    }

    @Override
    public void close() {
        server.close();
    }
}
