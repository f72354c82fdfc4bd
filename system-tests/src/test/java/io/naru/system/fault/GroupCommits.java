package io.naru.system.fault;

import io.naru.system.program.Clients;
import io.naru.testkit.KafkaEndpoint;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/**
 * A group of one member that commits after every poll. What it has committed is where it goes on, whoever its coordinator is: an offset
 * that was acknowledged never falls.
 */
final class GroupCommits implements AutoCloseable {
    private final KafkaEndpoint kafka;
    private final String topic;
    private final String group;
    private final Map<TopicPartition, Long> acked = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
    private final Acks commits = new Acks();
    private final Thread thread = new Thread(this::run, "group-commits");
    private volatile boolean over;

    private GroupCommits(KafkaEndpoint kafka, String topic) {
        this.kafka = kafka;
        this.topic = topic;
        this.group = "commits-of-" + topic;
        thread.setDaemon(true);
    }

    static GroupCommits start(KafkaEndpoint kafka, String topic) {
        GroupCommits commits = new GroupCommits(kafka, topic);
        commits.thread.start();
        return commits;
    }

    void awaitCommits(int count) {
        commits.await(count, FaultCluster.PROGRESS, () -> "commits of " + group + ", violations " + violations);
    }

    /** The Kafka listener of the coordinator that has the group. */
    int coordinatorPort() throws Exception {
        try (Admin admin = Clients.admin(kafka)) {
            Node coordinator = admin.describeConsumerGroups(List.of(group))
                    .all()
                    .get(30, TimeUnit.SECONDS)
                    .get(group)
                    .coordinator();
            return coordinator.port();
        }
    }

    /** Stops, and gives all that is wrong. */
    List<String> stopAndCheck() throws Exception {
        over = true;
        thread.join(TimeUnit.SECONDS.toMillis(60));
        try (Admin admin = Clients.admin(kafka)) {
            Map<TopicPartition, OffsetAndMetadata> last = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(30, TimeUnit.SECONDS);
            acked.forEach((partition, offset) -> {
                OffsetAndMetadata there = last.get(partition);
                if (there == null || there.offset() < offset) {
                    violations.add(partition + " is committed at " + there + ", was at " + offset);
                }
            });
        }
        return List.copyOf(violations);
    }

    private void run() {
        try (KafkaConsumer<String, String> consumer = Clients.member(kafka, group)) {
            consumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    // Everything that was polled is committed, or will come again.
                }

                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    for (TopicPartition partition : partitions) {
                        long position = consumer.position(partition);
                        if (position < acked.getOrDefault(partition, 0L)) {
                            violations.add(partition + " goes on at " + position + ", was committed at "
                                    + acked.get(partition));
                        }
                    }
                }
            });
            while (!over) {
                step(consumer);
            }
        }
    }

    private void step(KafkaConsumer<String, String> consumer) {
        try {
            if (consumer.poll(Duration.ofMillis(100)).isEmpty()) {
                return;
            }
            Map<TopicPartition, OffsetAndMetadata> reached = new HashMap<>();
            consumer.assignment()
                    .forEach(partition -> reached.put(partition, new OffsetAndMetadata(consumer.position(partition))));
            consumer.commitSync(reached, Duration.ofSeconds(30));
            reached.forEach((partition, offset) -> acked.put(partition, offset.offset()));
            commits.came();
        } catch (KafkaException notNow) {
            // The coordinator, or the member, is another by now: what was not committed comes again.
            return;
        }
    }

    @Override
    public void close() {
        over = true;
    }
}
