package io.naru.gateway.fake;

import io.naru.protocol.extension.ConditionalAppend;
import io.naru.protocol.server.KafkaServer;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import io.naru.protocol.server.ServerLimits;
import io.naru.protocol.server.ServerMetrics;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * A broker in memory that speaks the real protocol over a real socket. What it does to produce requests can be scripted, one
 * {@link Mischief} per request. More APIs can be added by {@link #with}.
 */
public final class FakeBroker implements AutoCloseable {

    /** Done to one produce request. */
    public enum Mischief {
        /** Appends, then cuts the connection instead of answering. */
        LOSE_ANSWER,
        /** Cuts the connection, appends nothing. */
        LOSE_REQUEST,
        /** Error 6. */
        NOT_LEADER,
        /** Error 19. */
        NOT_ENOUGH_REPLICAS,
        /** Error 7 after the append. */
        TIMED_OUT,
        /** Error 45. */
        OUT_OF_ORDER,
        /** Error 10 for the whole batch, whatever its size. */
        TOO_LARGE,
        /** Error 87 naming the second record. */
        SECOND_RECORD_INVALID
    }

    private static final int COORDINATOR_NODE = 1_000_000;

    private final Map<String, List<FakeLog>> topics = new ConcurrentHashMap<>();
    private final Map<String, Uuid> ids = new ConcurrentHashMap<>();
    private final Queue<Mischief> mischief = new ConcurrentLinkedQueue<>();
    private final AtomicInteger produceRequests = new AtomicInteger();
    private final AtomicInteger fetchRequests = new AtomicInteger();
    private final Map<String, Integer> largestFetches = new ConcurrentHashMap<>();
    private final AtomicInteger identities = new AtomicInteger();
    private final AtomicLong producerId = new AtomicLong(1000);
    private final ExecutorService workers = Executors.newFixedThreadPool(4);
    private final List<RequestHandler<?>> handlers = new ArrayList<>();
    private volatile boolean autoCreate;
    private volatile boolean leaderless;
    private volatile boolean genuine;
    private volatile int recordBytesMax = Integer.MAX_VALUE;
    private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);
    private volatile KafkaServer server;
    private int port;

    /** A broker that listens once {@link #start} is called. */
    public FakeBroker() {
        with(ApiKeys.METADATA, MetadataRequestData.class, this::metadata);
        with(ApiKeys.DESCRIBE_CLUSTER, DescribeClusterRequestData.class, this::describeCluster);
        with(ApiKeys.PRODUCE, ProduceRequestData.class, this::produce);
        with(ApiKeys.FETCH, FetchRequestData.class, this::fetch);
        with(ApiKeys.LIST_OFFSETS, ListOffsetsRequestData.class, this::listOffsets);
        with(ApiKeys.INIT_PRODUCER_ID, InitProducerIdRequestData.class, this::initProducerId);
    }

    /** A broker that listens, with a topic. */
    public static FakeBroker withTopic(String topic, int partitions) {
        return new FakeBroker().topic(topic, partitions).start();
    }

    /** Adds an API. Before {@link #start}. */
    public <Q extends ApiMessage> FakeBroker with(
            ApiKeys api, Class<Q> type, BiFunction<Q, RequestContext, CompletionStage<? extends ApiMessage>> answer) {
        handlers.add(new RequestHandler<Q>() {
            @Override
            public ApiKeys apiKey() {
                return api;
            }

            @Override
            public Set<Integer> extensions() {
                return api == ApiKeys.PRODUCE && !genuine ? Set.of(ConditionalAppend.TAG) : Set.of();
            }

            @Override
            public CompletionStage<? extends ApiMessage> handle(Q request, RequestContext context) {
                return answer.apply(type.cast(request), context);
            }
        });
        return this;
    }

    /** Listens, on the same port as before if it was stopped. */
    public FakeBroker start() {
        server = KafkaServer.bind(
                "fake",
                new InetSocketAddress("127.0.0.1", port),
                handlers,
                workers,
                ServerLimits.defaults(),
                ServerMetrics.NONE);
        port = server.port();
        return this;
    }

    /** Stops listening and cuts all connections; what was appended stays. */
    public void stop() {
        server.close();
    }

    @Override
    public void close() {
        server.close();
        workers.shutdownNow();
    }

    /** {@code host:port}. */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Adds a topic. */
    public FakeBroker topic(String name, int partitions) {
        List<FakeLog> logs = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            logs.add(new FakeLog());
        }
        ids.computeIfAbsent(name, n -> Uuid.randomUuid());
        topics.put(name, logs);
        return this;
    }

    /** The id of a topic. */
    public Uuid topicId(String name) {
        return ids.get(name);
    }

    /** The names of all topics. */
    public List<String> topicNames() {
        return topics.keySet().stream().sorted().toList();
    }

    /** Takes a topic away. */
    public void deleteTopic(String name) {
        topics.remove(name);
        ids.remove(name);
    }

    /** A partition's log. */
    public FakeLog log(String topic, int partition) {
        return topics.get(topic).get(partition);
    }

    /** Unknown topics come into being when metadata is asked for with leave to create. */
    public FakeBroker autoCreate() {
        autoCreate = true;
        return this;
    }

    /** Knows nothing that Apache Kafka does not. Before {@link #start}. */
    public FakeBroker genuine() {
        genuine = true;
        return this;
    }

    /** Whether metadata names leaders. */
    public void leaderless(boolean none) {
        leaderless = none;
    }

    /** Batches above are refused with error 10. */
    public void recordBytesMax(int bytes) {
        recordBytesMax = bytes;
    }

    /** What to do to the next produce requests. */
    public void next(Mischief... scripted) {
        mischief.addAll(List.of(scripted));
    }

    /** Forgets what is left of the script. */
    public void clearMischief() {
        mischief.clear();
    }

    /** Produce answers wait until the future completes. */
    public void holdAnswers(CompletableFuture<Void> until) {
        gate = until;
    }

    /** Produce requests seen. */
    public int produceRequests() {
        return produceRequests.get();
    }

    /** Fetch requests seen. */
    public int fetchRequests() {
        return fetchRequests.get();
    }

    /** The most bytes of a partition of a topic that were asked for since this was last called; other tests' followers fetch, too. */
    public int largestFetch(String topic) {
        Integer bytes = largestFetches.remove(topic);
        return bytes == null ? 0 : bytes;
    }

    /** Producer ids given out. */
    public int identities() {
        return identities.get();
    }

    private CompletionStage<ApiMessage> metadata(MetadataRequestData request, RequestContext context) {
        MetadataResponseData answer =
                new MetadataResponseData().setClusterId("fake-cluster").setControllerId(1);
        answer.brokers()
                .add(new MetadataResponseData.MetadataResponseBroker()
                        .setNodeId(1)
                        .setHost("127.0.0.1")
                        .setPort(port));
        if (request.topics() != null && request.topics().isEmpty()) {
            // As Naru's brokers do for Kafka's admin client.
            answer.brokers()
                    .add(new MetadataResponseData.MetadataResponseBroker()
                            .setNodeId(COORDINATOR_NODE)
                            .setHost("127.0.0.1")
                            .setPort(port));
        }
        List<String> names = request.topics() == null
                ? List.copyOf(topics.keySet())
                : request.topics().stream().map(t -> t.name()).toList();
        for (String name : names) {
            if (autoCreate && request.allowAutoTopicCreation() && !topics.containsKey(name)) {
                topic(name, 1);
            }
            answer.topics().add(topicMetadata(name));
        }
        return CompletableFuture.completedFuture(answer);
    }

    private CompletionStage<ApiMessage> describeCluster(DescribeClusterRequestData request, RequestContext context) {
        DescribeClusterResponseData answer =
                new DescribeClusterResponseData().setClusterId("fake-cluster").setControllerId(1);
        answer.brokers()
                .add(new DescribeClusterResponseData.DescribeClusterBroker()
                        .setBrokerId(1)
                        .setHost("127.0.0.1")
                        .setPort(port));
        return CompletableFuture.completedFuture(answer);
    }

    private MetadataResponseData.MetadataResponseTopic topicMetadata(String name) {
        MetadataResponseData.MetadataResponseTopic topic =
                new MetadataResponseData.MetadataResponseTopic().setName(name);
        List<FakeLog> logs = topics.get(name);
        if (logs == null) {
            return topic.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
        topic.setTopicId(ids.get(name)).setIsInternal(name.startsWith("__"));
        for (int i = 0; i < logs.size(); i++) {
            topic.partitions()
                    .add(new MetadataResponseData.MetadataResponsePartition()
                            .setPartitionIndex(i)
                            .setLeaderId(leaderless ? -1 : 1)
                            .setErrorCode(leaderless ? Errors.LEADER_NOT_AVAILABLE.code() : 0)
                            .setLeaderEpoch(0)
                            .setReplicaNodes(List.of(1))
                            .setIsrNodes(List.of(1)));
        }
        return topic;
    }

    private String nameOf(String name, Uuid id) {
        return !name.isEmpty()
                ? name
                : ids.entrySet().stream()
                        .filter(e -> e.getValue().equals(id))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse("");
    }

    private CompletionStage<? extends ApiMessage> produce(ProduceRequestData request, RequestContext context) {
        produceRequests.incrementAndGet();
        Mischief scripted = mischief.poll();
        if (scripted == Mischief.LOSE_REQUEST) {
            return CompletableFuture.failedFuture(new IllegalStateException("scripted: request lost"));
        }
        ProduceResponseData answer = new ProduceResponseData();
        for (TopicProduceData topic : request.topicData()) {
            ProduceResponseData.TopicProduceResponse told = new ProduceResponseData.TopicProduceResponse()
                    .setName(topic.name())
                    .setTopicId(topic.topicId());
            for (PartitionProduceData partition : topic.partitionData()) {
                told.partitionResponses().add(append(nameOf(topic.name(), topic.topicId()), partition, scripted));
            }
            answer.responses().add(told);
        }
        if (scripted == Mischief.LOSE_ANSWER) {
            return CompletableFuture.failedFuture(new IllegalStateException("scripted: answer lost"));
        }
        if (request.acks() == 0) {
            return CompletableFuture.completedFuture(null);
        }
        return gate.thenApply(x -> answer);
    }

    private ProduceResponseData.PartitionProduceResponse append(
            String topic, PartitionProduceData partition, Mischief scripted) {
        ProduceResponseData.PartitionProduceResponse told =
                new ProduceResponseData.PartitionProduceResponse().setIndex(partition.index());
        List<FakeLog> logs = topics.get(topic);
        if (logs == null || partition.index() >= logs.size()) {
            return told.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
        MemoryRecords records = (MemoryRecords) partition.records();
        if (records.sizeInBytes() > recordBytesMax) {
            return told.setErrorCode(Errors.MESSAGE_TOO_LARGE.code());
        }
        if (scripted != null) {
            switch (scripted) {
                case NOT_LEADER -> {
                    return told.setErrorCode(Errors.NOT_LEADER_OR_FOLLOWER.code());
                }
                case NOT_ENOUGH_REPLICAS -> {
                    return told.setErrorCode(Errors.NOT_ENOUGH_REPLICAS.code());
                }
                case OUT_OF_ORDER -> {
                    return told.setErrorCode(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER.code());
                }
                case TOO_LARGE -> {
                    return told.setErrorCode(Errors.MESSAGE_TOO_LARGE.code());
                }
                case SECOND_RECORD_INVALID -> {
                    return told.setErrorCode(Errors.INVALID_RECORD.code())
                            .setRecordErrors(List.of(new ProduceResponseData.BatchIndexAndErrorMessage()
                                    .setBatchIndex(1)
                                    .setBatchIndexErrorMessage("the second one is bad")));
                }
                default -> {}
            }
        }
        OptionalLong ifEnd = genuine ? OptionalLong.empty() : ConditionalAppend.required(partition);
        FakeLog.Appended appended = logs.get(partition.index()).append(records, ifEnd);
        return told.setErrorCode(
                        scripted == Mischief.TIMED_OUT
                                ? Errors.REQUEST_TIMED_OUT.code()
                                : appended.error().code())
                .setBaseOffset(appended.baseOffset());
    }

    private CompletionStage<? extends ApiMessage> fetch(FetchRequestData request, RequestContext context) {
        fetchRequests.incrementAndGet();
        long deadline = System.nanoTime() + request.maxWaitMs() * 1_000_000L;
        CompletableFuture<ApiMessage> answer = new CompletableFuture<>();
        fetchUntil(request, deadline, answer);
        return answer;
    }

    private void fetchUntil(FetchRequestData request, long deadline, CompletableFuture<ApiMessage> answer) {
        boolean[] something = new boolean[1];
        FetchResponseData now = fetchNow(request, something);
        if (something[0] || System.nanoTime() - deadline >= 0) {
            answer.complete(now);
        } else {
            CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS)
                    .execute(() -> fetchUntil(request, deadline, answer));
        }
    }

    private FetchResponseData fetchNow(FetchRequestData request, boolean[] something) {
        FetchResponseData answer = new FetchResponseData();
        List<FetchResponseData.FetchableTopicResponse> responses = new ArrayList<>();
        for (FetchTopic topic : request.topics()) {
            String name = nameOf(topic.topic(), topic.topicId());
            FetchResponseData.FetchableTopicResponse told = new FetchResponseData.FetchableTopicResponse()
                    .setTopic(topic.topic())
                    .setTopicId(topic.topicId());
            for (FetchPartition partition : topic.partitions()) {
                largestFetches.merge(name, partition.partitionMaxBytes(), Math::max);
                FetchResponseData.PartitionData data = data(name, partition);
                something[0] |= data.errorCode() != 0 || ((MemoryRecords) data.records()).sizeInBytes() > 0;
                told.partitions().add(data);
            }
            responses.add(told);
        }
        return answer.setResponses(responses);
    }

    private FetchResponseData.PartitionData data(String topic, FetchPartition partition) {
        FetchResponseData.PartitionData data = new FetchResponseData.PartitionData()
                .setPartitionIndex(partition.partition())
                .setRecords(MemoryRecords.EMPTY);
        List<FakeLog> logs = topics.get(topic);
        if (logs == null || partition.partition() >= logs.size()) {
            return data.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
        FakeLog log = logs.get(partition.partition());
        if (partition.fetchOffset() < log.start() || partition.fetchOffset() > log.end()) {
            return data.setErrorCode(Errors.OFFSET_OUT_OF_RANGE.code());
        }
        return data.setHighWatermark(log.end())
                .setLastStableOffset(log.end())
                .setLogStartOffset(log.start())
                .setRecords(log.read(partition.fetchOffset(), partition.partitionMaxBytes()));
    }

    private CompletionStage<ApiMessage> listOffsets(ListOffsetsRequestData request, RequestContext context) {
        ListOffsetsResponseData answer = new ListOffsetsResponseData();
        for (ListOffsetsRequestData.ListOffsetsTopic topic : request.topics()) {
            ListOffsetsResponseData.ListOffsetsTopicResponse told =
                    new ListOffsetsResponseData.ListOffsetsTopicResponse().setName(topic.name());
            for (ListOffsetsRequestData.ListOffsetsPartition partition : topic.partitions()) {
                List<FakeLog> logs = topics.get(topic.name());
                ListOffsetsResponseData.ListOffsetsPartitionResponse one =
                        new ListOffsetsResponseData.ListOffsetsPartitionResponse()
                                .setPartitionIndex(partition.partitionIndex());
                if (logs == null) {
                    one.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
                } else {
                    FakeLog log = logs.get(partition.partitionIndex());
                    one.setOffset(
                            partition.timestamp() == -1
                                    ? log.end()
                                    : partition.timestamp() == -2 ? log.start() : log.offsetAt(partition.timestamp()));
                }
                told.partitions().add(one);
            }
            answer.topics().add(told);
        }
        return CompletableFuture.completedFuture(answer);
    }

    private CompletionStage<ApiMessage> initProducerId(InitProducerIdRequestData request, RequestContext context) {
        identities.incrementAndGet();
        return CompletableFuture.completedFuture(new InitProducerIdResponseData()
                .setProducerId(producerId.incrementAndGet())
                .setProducerEpoch((short) 0));
    }

    /** Ends of all partitions. */
    public Map<TopicPartition, Long> ends() {
        Map<TopicPartition, Long> ends = new HashMap<>();
        topics.forEach((name, logs) -> {
            for (int i = 0; i < logs.size(); i++) {
                ends.put(new TopicPartition(name, i), logs.get(i).end());
            }
        });
        return ends;
    }
}
