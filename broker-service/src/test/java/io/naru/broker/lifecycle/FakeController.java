package io.naru.broker.lifecycle;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.BrokerRegistration;
import io.naru.cluster.control.ControlPlanePaths;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.DeleteTopics;
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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import tools.jackson.databind.json.JsonMapper;

/** As much of a control plane as one broker needs, over real HTTP: one broker leads every partition of every topic. */
final class FakeController implements AutoCloseable {

    private static final long WAIT_MS_MAX = 200;

    private final JsonMapper json = JsonMapper.builder().build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private ClusterImage image = ClusterImage.empty("abcdefghijklmnopqrstuv", 1);
    private long nextProducerId = 1000;

    FakeController() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(threads);
        server.createContext(ControlPlanePaths.CLUSTER, this::image);
        server.createContext(ControlPlanePaths.BROKERS, exchange -> {
            if (exchange.getRequestURI().getPath().endsWith(ControlPlanePaths.HEARTBEAT)) {
                answer(exchange, new HeartbeatAnswer(false, true, current().version()));
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
        long epoch = image.version() + 1;
        TreeMap<Integer, BrokerImage> brokers = new TreeMap<>(image.brokers());
        brokers.put(
                registration.brokerId(),
                new BrokerImage(
                        registration.brokerId(),
                        epoch,
                        registration.kafka(),
                        registration.http(),
                        registration.rack(),
                        false,
                        Map.of()));
        change(brokers, image.topics());
        return new Registered(epoch, image.clusterId(), image.version());
    }

    private synchronized TopicResults create(CreateTopics request) {
        TreeMap<String, TopicImage> topics = new TreeMap<>(image.topics());
        List<TopicResult> results = new ArrayList<>();
        for (NewTopic wanted : request.topics()) {
            if (topics.containsKey(wanted.name())) {
                results.add(new TopicResult(wanted.name(), null, (short) 36, "exists", null));
                continue;
            }
            TopicImage topic = new TopicImage(
                    wanted.name(),
                    Uuid.randomUuid().toString(),
                    wanted.configs(),
                    IntStream.range(0, Math.max(1, wanted.partitions()))
                            .mapToObj(i -> new PartitionImage(i, List.of(1), List.of(1), 1, 0, 0))
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
