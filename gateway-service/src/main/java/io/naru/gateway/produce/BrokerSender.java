package io.naru.gateway.produce;

import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.Lane;
import io.naru.protocol.client.NodeAddress;
import io.netty.util.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;

/**
 * Sends what is ready to one broker with one kind of acks. While a request is under way everything gathers for the next one. Only when
 * the broker is slow to answer (a follower lags, a disk stalls) do further requests go out beside it, each over a connection of its own,
 * because a broker takes the requests of one connection one by one: a stuck partition must not hold up the others.
 */
final class BrokerSender {

    private final NodeAddress node;
    private final Acks acks;
    private final KafkaClient client;
    private final Timer timer;
    private final ProduceProperties properties;
    private final ProduceBatcher batcher;
    private final Queue<PartitionQueue> ready = new ConcurrentLinkedQueue<>();
    private final Lane[] lanes;
    /** When the request of a lane went out, or 0. Guarded by this. */
    private final long[] sentNanos;

    private boolean lookAgainLater;

    BrokerSender(
            NodeAddress node,
            Acks acks,
            KafkaClient client,
            Timer timer,
            ProduceProperties properties,
            ProduceBatcher batcher) {
        this.node = node;
        this.acks = acks;
        this.client = client;
        this.timer = timer;
        this.properties = properties;
        this.batcher = batcher;
        lanes = new Lane[properties.connections()];
        sentNanos = new long[lanes.length];
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = new Lane("produce-" + acks.code(), i);
        }
    }

    /** A partition and its batch in a request under way. */
    record Sent(PartitionQueue queue, Batch batch) {}

    /** Adds a queue that is ready, and sends if the broker is free. */
    void ready(PartitionQueue queue) {
        ready.add(queue);
        pump();
    }

    /** Adds a queue without sending: the caller pumps when it has added all. */
    void gather(PartitionQueue queue) {
        ready.add(queue);
    }

    /** Sends what is ready as long as the broker is free. */
    void pump() {
        while (!ready.isEmpty()) {
            int lane = takeLane();
            if (lane < 0) {
                return;
            }
            List<Sent> sent = collect();
            if (sent.isEmpty()) {
                freeLane(lane);
            } else {
                send(lane, sent);
            }
        }
    }

    private synchronized int takeLane() {
        int free = -1;
        long youngest = 0;
        for (int i = 0; i < lanes.length; i++) {
            if (sentNanos[i] == 0) {
                free = free < 0 ? i : free;
            } else {
                youngest = youngest == 0 ? sentNanos[i] : Math.max(youngest, sentNanos[i]);
            }
        }
        long now = System.nanoTime() | 1;
        if (free < 0) {
            return -1;
        }
        long slow = properties.slowAfter().toNanos();
        if (youngest != 0 && now - youngest < slow) {
            if (!lookAgainLater) {
                lookAgainLater = true;
                timer.newTimeout(t -> lookAgain(), slow - (now - youngest), TimeUnit.NANOSECONDS);
            }
            return -1;
        }
        sentNanos[free] = now;
        return free;
    }

    private void lookAgain() {
        synchronized (this) {
            lookAgainLater = false;
        }
        pump();
    }

    private synchronized void freeLane(int lane) {
        sentNanos[lane] = 0;
    }

    private List<Sent> collect() {
        List<Sent> sent = new ArrayList<>();
        long bytes = 0;
        while (bytes < properties.requestSize().toBytes()) {
            PartitionQueue queue = ready.poll();
            if (queue == null) {
                break;
            }
            Batch batch = queue.take();
            if (batch != null && batcher.identify(queue, batch)) {
                sent.add(new Sent(queue, batch));
                bytes += batch.length();
            }
        }
        return sent;
    }

    private void send(int lane, List<Sent> sent) {
        ProduceRequestData request = request(sent);
        for (Sent one : sent) {
            one.batch().attempts++;
        }
        if (acks == Acks.NONE) {
            client.connection(node, lanes[lane]).sendUnanswered(request).whenComplete((nothing, error) -> {
                freeLane(lane);
                batcher.answered(sent, null, error, this);
            });
            return;
        }
        client.send(node, lanes[lane], request, properties.ackTimeout().toMillis(), ProduceResponseData.class)
                .whenComplete((answer, error) -> {
                    freeLane(lane);
                    batcher.answered(sent, answer, error, this);
                });
    }

    private ProduceRequestData request(List<Sent> sent) {
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        for (Sent one : sent) {
            TopicState topic = one.queue().topic();
            TopicProduceData data = topics.find(topic.name(), topic.topicId());
            if (data == null) {
                data = new TopicProduceData().setName(topic.name()).setTopicId(topic.topicId());
                topics.add(data);
            }
            data.partitionData()
                    .add(new PartitionProduceData()
                            .setIndex(one.queue().partition())
                            .setRecords(one.batch().seal()));
        }
        return new ProduceRequestData()
                .setAcks(acks.code())
                .setTimeoutMs((int) properties.ackTimeout().toMillis())
                .setTopicData(topics);
    }
}
