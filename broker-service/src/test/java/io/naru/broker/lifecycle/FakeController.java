package io.naru.broker.lifecycle;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.AlterPartitions;
import io.naru.cluster.control.AlterPartitions.AlterPartition;
import io.naru.cluster.control.AlterPartitions.IsrMember;
import io.naru.cluster.control.AlteredPartitions;
import io.naru.cluster.control.AlteredPartitions.AlteredPartition;
import io.naru.cluster.control.BrokerRegistration;
import io.naru.cluster.control.ControlPlanePaths;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.HeartbeatAnswer;
import io.naru.cluster.control.NewTopic;
import io.naru.cluster.control.ProducerIdBlock;
import io.naru.cluster.control.Registered;
import io.naru.cluster.control.TopicResult;
import io.naru.cluster.control.TopicResults;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import tools.jackson.databind.json.JsonMapper;

/**
 * As much of a control plane as a few brokers need, over real HTTP: replicas on the first brokers by id, leaders from the ISR, the ISR by
 * compare-and-set. No session lapses by itself: a test says who is {@link #dead}.
 */
final class FakeController implements AutoCloseable {

    private static final long WAIT_MS_MAX = 200;

    private final JsonMapper json = JsonMapper.builder().build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final Map<Integer, BrokerRegistration> registrations = new HashMap<>();
    private final Map<Integer, Heartbeat> heartbeats = new HashMap<>();
    private ClusterImage image = ClusterImage.empty("abcdefghijklmnopqrstuv", 1);
    private long nextProducerId = 1000;

    FakeController() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(threads);
        server.createContext(ControlPlanePaths.CLUSTER, this::image);
        server.createContext(ControlPlanePaths.BROKERS, exchange -> {
            String path = exchange.getRequestURI().getPath();
            if (path.endsWith(ControlPlanePaths.HEARTBEAT)) {
                int id = Integer.parseInt(path.split("/", -1)[path.split("/", -1).length - 2]);
                answer(exchange, heartbeat(id, json.readValue(exchange.getRequestBody(), Heartbeat.class)));
            } else {
                answer(exchange, register(json.readValue(exchange.getRequestBody(), BrokerRegistration.class)));
            }
        });
        server.createContext(
                ControlPlanePaths.CREATE_TOPICS,
                exchange -> answer(exchange, create(json.readValue(exchange.getRequestBody(), CreateTopics.class))));
        server.createContext(
                ControlPlanePaths.DELETE_TOPICS,
                exchange -> answer(exchange, delete(json.readValue(exchange.getRequestBody(), DeleteTopics.class))));
        server.createContext(
                ControlPlanePaths.ALTER_PARTITIONS,
                exchange -> answer(exchange, alter(json.readValue(exchange.getRequestBody(), AlterPartitions.class))));
        server.createContext(ControlPlanePaths.PRODUCER_IDS, exchange -> {
            synchronized (this) {
                nextProducerId += 2;
            }
            answer(exchange, new ProducerIdBlock(nextProducerId - 2, 2));
        });
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    synchronized ClusterImage current() {
        return image;
    }

    /** What the broker said when it last registered. */
    synchronized BrokerRegistration registration(int brokerId) {
        return registrations.get(brokerId);
    }

    /** The broker's last sign of life. */
    synchronized Heartbeat heartbeat(int brokerId) {
        return heartbeats.get(brokerId);
    }

    private void image(HttpExchange exchange) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        long after = -1;
        for (String parameter : query.split("&", -1)) {
            if (parameter.startsWith("after=")) {
                after = Long.parseLong(parameter.substring(6));
            }
        }
        long known = after;
        ClusterImage found = awaitNewer(known);
        if (found.version() <= known) {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        } else {
            answer(exchange, found);
        }
    }

    private synchronized ClusterImage awaitNewer(long known) {
        long deadline = System.nanoTime() + WAIT_MS_MAX * 1_000_000;
        while (image.version() <= known && System.nanoTime() < deadline) {
            try {
                wait(WAIT_MS_MAX);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return image;
    }

    private synchronized Registered register(BrokerRegistration registration) {
        int id = registration.brokerId();
        registrations.put(id, registration);
        long epoch = image.version() + 1;
        TreeMap<Integer, BrokerImage> brokers = new TreeMap<>(image.brokers());
        boolean known = brokers.containsKey(id);
        brokers.put(
                id,
                new BrokerImage(
                        id, epoch, registration.kafka(), registration.http(), registration.rack(), false, Map.of()));
        change(brokers, image.topics());
        if (known) {
            everyPartition(p -> without(p, id));
        }
        everyPartition(p -> p.leader() == PartitionImage.NO_LEADER && p.isr().contains(id) ? p.withLeader(id) : p);
        return new Registered(epoch, image.clusterId(), image.version());
    }

    private synchronized HeartbeatAnswer heartbeat(int id, Heartbeat heartbeat) {
        heartbeats.put(id, heartbeat);
        boolean leaving = heartbeat.wantShutDown();
        if (leaving) {
            dead(id); // so that no leader takes it back while it still fetches
        }
        return new HeartbeatAnswer(false, leaving, image.version());
    }

    /** The broker's session has lapsed. */
    synchronized void dead(int id) {
        TreeMap<Integer, BrokerImage> brokers = new TreeMap<>(image.brokers());
        brokers.computeIfPresent(id, (key, broker) -> broker.withFenced(true));
        change(brokers, image.topics());
        everyPartition(p -> without(p, id));
    }

    /** Makes a broker lead, in sync or not. */
    synchronized void elect(String topic, int leader) {
        TreeMap<String, TopicImage> topics = new TreeMap<>(image.topics());
        topics.computeIfPresent(topic, (name, t) -> mapped(t, p -> p.withLeader(leader)));
        change(image.brokers(), topics);
    }

    private PartitionImage without(PartitionImage p, int id) {
        boolean leads = p.leader() == id;
        if (!leads && (!p.isr().contains(id) || p.isr().size() == 1)) {
            return p;
        }
        List<Integer> others = p.isr().stream().filter(member -> member != id).toList();
        List<Integer> isr = others.isEmpty() ? p.isr() : others;
        int leader = !leads
                ? p.leader()
                : others.stream()
                        .filter(member -> !image.brokers().get(member).fenced())
                        .findFirst()
                        .orElse(PartitionImage.NO_LEADER);
        return new PartitionImage(
                p.partition(), p.replicas(), isr, leader, p.leaderEpoch() + (leads ? 1 : 0), p.partitionEpoch() + 1);
    }

    private void everyPartition(UnaryOperator<PartitionImage> changed) {
        TreeMap<String, TopicImage> topics = new TreeMap<>();
        image.topics().forEach((name, topic) -> topics.put(name, mapped(topic, changed)));
        if (!topics.equals(image.topics())) {
            change(image.brokers(), topics);
        }
    }

    private static TopicImage mapped(TopicImage topic, UnaryOperator<PartitionImage> changed) {
        return new TopicImage(
                topic.name(),
                topic.topicId(),
                topic.configs(),
                topic.partitions().stream().map(changed).toList());
    }

    private synchronized AlteredPartitions alter(AlterPartitions request) {
        List<AlteredPartition> answers = new ArrayList<>();
        for (AlterPartition wanted : request.partitions()) {
            answers.add(alter(request.brokerId(), wanted));
        }
        return new AlteredPartitions(answers, image.version());
    }

    private AlteredPartition alter(int brokerId, AlterPartition wanted) {
        TopicImage topic = image.topics().values().stream()
                .filter(t -> t.topicId().equals(wanted.replica().topicId()))
                .findFirst()
                .orElse(null);
        if (topic == null) {
            return new AlteredPartition((short) 100, null);
        }
        PartitionImage now = topic.partitions().get(wanted.replica().partition());
        if (now.leader() != brokerId) {
            return new AlteredPartition((short) 41, now);
        }
        if (now.leaderEpoch() != wanted.leaderEpoch()) {
            return new AlteredPartition((short) 74, now);
        }
        if (now.partitionEpoch() != wanted.partitionEpoch()) {
            return new AlteredPartition((short) 95, now);
        }
        for (IsrMember member : wanted.isr()) {
            BrokerImage broker = image.brokers().get(member.brokerId());
            if (broker == null || broker.fenced() || broker.epoch() != member.brokerEpoch()) {
                return new AlteredPartition((short) 107, now);
            }
        }
        PartitionImage changed = new PartitionImage(
                now.partition(),
                now.replicas(),
                wanted.isr().stream().map(IsrMember::brokerId).toList(),
                now.leader(),
                now.leaderEpoch(),
                now.partitionEpoch() + 1);
        TreeMap<String, TopicImage> topics = new TreeMap<>(image.topics());
        topics.put(topic.name(), mapped(topic, p -> p.equals(now) ? changed : p));
        change(image.brokers(), topics);
        return new AlteredPartition((short) 0, changed);
    }

    private synchronized TopicResults create(CreateTopics request) {
        TreeMap<String, TopicImage> topics = new TreeMap<>(image.topics());
        List<TopicResult> results = new ArrayList<>();
        for (NewTopic wanted : request.topics()) {
            if (topics.containsKey(wanted.name())) {
                results.add(new TopicResult(wanted.name(), null, (short) 36, "exists", null));
                continue;
            }
            List<Integer> replicas = image.liveBrokers().stream()
                    .map(BrokerImage::id)
                    .limit(Math.max(1, wanted.replicationFactor()))
                    .toList();
            TopicImage topic = new TopicImage(
                    wanted.name(),
                    Uuid.randomUuid().toString(),
                    wanted.configs(),
                    IntStream.range(0, Math.max(1, wanted.partitions()))
                            .mapToObj(i ->
                                    new PartitionImage(i, replicas, replicas, replicas.get(i % replicas.size()), 0, 0))
                            .toList());
            topics.put(wanted.name(), topic);
            results.add(new TopicResult(wanted.name(), topic.topicId(), (short) 0, null, topic));
        }
        if (!request.validateOnly()) {
            change(image.brokers(), topics);
        }
        return new TopicResults(results, image.version());
    }

    private synchronized TopicResults delete(DeleteTopics request) {
        TreeMap<String, TopicImage> topics = new TreeMap<>(image.topics());
        Function<String, TopicResult> remove = name -> {
            TopicImage removed = topics.remove(name);
            return removed == null
                    ? new TopicResult(name, null, (short) 3, "unknown", null)
                    : new TopicResult(name, removed.topicId(), (short) 0, null, null);
        };
        List<TopicResult> results = request.names().stream().map(remove).toList();
        change(image.brokers(), topics);
        return new TopicResults(results, image.version());
    }

    private void change(Map<Integer, BrokerImage> brokers, Map<String, TopicImage> topics) {
        image = new ClusterImage(
                image.version() + 1,
                image.controllerEpoch(),
                image.clusterId(),
                new TreeMap<>(brokers),
                image.coordinators(),
                new TreeMap<>(topics),
                image.shards(),
                image.configs());
        notifyAll();
    }

    private void answer(HttpExchange exchange, Object body) throws IOException {
        byte[] bytes = json.writeValueAsBytes(body);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
