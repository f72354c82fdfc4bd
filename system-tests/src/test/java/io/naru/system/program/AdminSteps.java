package io.naru.system.program;

import io.naru.testkit.KafkaEndpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;

/** Topics created, listed, described and deleted; the cluster and its configs described. */
final class AdminSteps {
    private static final List<String> TOPIC_CONFIGS = List.of(
            "cleanup.policy",
            "compression.type",
            "max.message.bytes",
            "message.timestamp.type",
            "retention.ms",
            "retention.bytes",
            "segment.bytes");
    private static final List<String> BROKER_CONFIGS =
            List.of("num.partitions", "message.max.bytes", "log.retention.hours", "offsets.retention.minutes");

    private final KafkaEndpoint endpoint;
    private final Transcript transcript;

    AdminSteps(KafkaEndpoint endpoint, Transcript transcript) {
        this.endpoint = endpoint;
        this.transcript = transcript;
    }

    void run() throws Exception {
        try (Admin admin = Clients.admin(endpoint)) {
            describeCluster(admin);
            create(admin);
            listAndDescribe(admin);
            describeConfigs(admin);
            delete(admin);
        }
    }

    private void describeCluster(Admin admin) throws Exception {
        DescribeClusterResult cluster = admin.describeCluster();
        Collection<Node> nodes = get(cluster.nodes());
        transcript.note("cluster nodes", nodes.size());
        transcript.note("cluster id is there", !get(cluster.clusterId()).isBlank());
        transcript.note(
                "bootstrap address is a node's",
                nodes.stream().anyMatch(node -> endpoint.bootstrapServers().equals(node.host() + ":" + node.port())));
        transcript.note("controller is a node", nodes.contains(get(cluster.controller())));
    }

    private void create(Admin admin) throws Exception {
        CreateTopicsResult created = admin.createTopics(List.of(
                new NewTopic("three", 3, (short) 1)
                        .configs(Map.of("retention.ms", "3600000", "cleanup.policy", "compact,delete")),
                new NewTopic("by.default", Optional.empty(), Optional.empty())));
        get(created.all());
        transcript.note("created partitions", get(created.numPartitions("three")));
        transcript.note("created replication", get(created.replicationFactor("three")));
        transcript.note("created by default", get(created.numPartitions("by.default")));
        transcript.note("created config", entry(get(created.config("three")).get("retention.ms")));
        transcript.note("has an id", !Uuid.ZERO_UUID.equals(get(created.topicId("three"))));
        get(admin.createTopics(
                        List.of(new NewTopic("only.checked", 1, (short) 1)),
                        new CreateTopicsOptions().validateOnly(true))
                .all());
    }

    private void listAndDescribe(Admin admin) throws Exception {
        Set<String> expected = Set.of("three", "by.default");
        Awaitility.await().until(() -> topics(admin).containsAll(expected));
        transcript.note("topics", topics(admin));
        Map<String, TopicDescription> byName =
                get(admin.describeTopics(expected).allTopicNames());
        for (String topic : new TreeSet<>(expected)) {
            TopicDescription description = byName.get(topic);
            List<String> partitions = new ArrayList<>();
            for (TopicPartitionInfo partition : description.partitions()) {
                partitions.add(partition.partition() + " leader=" + (partition.leader() != null) + " replicas="
                        + partition.replicas().size() + " isr="
                        + partition.isr().equals(partition.replicas()));
            }
            transcript.note("describe " + topic, "internal=" + description.isInternal() + " partitions=" + partitions);
        }
    }

    private void describeConfigs(Admin admin) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "three");
        Config topicConfig = get(admin.describeConfigs(List.of(topic)).all()).get(topic);
        // Its source there is the cluster-wide value that KIP-966 writes at the first start: a detail of KRaft.
        transcript.note(
                "topic config min.insync.replicas",
                topicConfig.get("min.insync.replicas").value());
        TOPIC_CONFIGS.forEach(name -> transcript.note("topic config " + name, entry(topicConfig.get(name))));

        String id = get(admin.describeCluster().nodes()).iterator().next().idString();
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, id);
        Config brokerConfig = get(admin.describeConfigs(List.of(broker)).all()).get(broker);
        BROKER_CONFIGS.forEach(name -> {
            ConfigEntry config = brokerConfig.get(name);
            transcript.note("broker config " + name, config == null ? "missing" : config.value());
        });
        transcript.noteOutcome(
                "configs of an unknown topic",
                () -> get(admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.TOPIC, "nowhere")))
                        .all()));
    }

    private void delete(Admin admin) throws Exception {
        get(admin.deleteTopics(List.of("three")).all());
        Awaitility.await().until(() -> !topics(admin).contains("three"));
        transcript.note("topics after delete", topics(admin));
        transcript.noteOutcome(
                "describe deleted",
                () -> get(admin.describeTopics(List.of("three")).allTopicNames()));
        get(admin.createTopics(List.of(new NewTopic("three", 1, (short) 1))).all());
        Awaitility.await().until(() -> topics(admin).contains("three"));
        transcript.note(
                "again with",
                get(admin.describeTopics(List.of("three")).allTopicNames())
                        .get("three")
                        .partitions()
                        .size());
    }

    private static Set<String> topics(Admin admin) throws Exception {
        return new TreeSet<>(get(
                admin.listTopics(new ListTopicsOptions().listInternal(false)).names()));
    }

    private static String entry(ConfigEntry entry) {
        return entry == null
                ? "missing"
                : entry.value() + " (" + entry.source() + ", readOnly=" + entry.isReadOnly() + ", sensitive="
                        + entry.isSensitive() + ")";
    }

    static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }
}
