package io.naru.system.notes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;

/** A tour of what an administrator can see. */
final class KafkaAdminClient {

    private KafkaAdminClient() {}

    /** What it found, line by line. */
    @SuppressWarnings({"deprecation", "removal"})
    static List<String> run(String bootstrapServers) throws ExecutionException, InterruptedException {
        List<String> found = new ArrayList<>();
        Properties configs = new Properties();
        configs.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (AdminClient admin = AdminClient.create(configs)) {
            // == Get broker information
            for (Node node : admin.describeCluster().nodes().get()) {
                ConfigResource cr = new ConfigResource(ConfigResource.Type.BROKER, node.idString());
                DescribeConfigsResult describeConfigs = admin.describeConfigs(Collections.singleton(cr));
                describeConfigs
                        .all()
                        .get()
                        .forEach((broker, config) -> config.entries()
                                .forEach(entry -> found.add("config " + entry.name() + " = " + entry.value())));
            }
            // == Get default num.partitions
            for (Node node : admin.describeCluster().nodes().get()) {
                ConfigResource cr = new ConfigResource(ConfigResource.Type.BROKER, node.idString());
                Config config = admin.describeConfigs(Collections.singleton(cr))
                        .all()
                        .get()
                        .get(cr);
                Optional<ConfigEntry> optionalConfigEntry = config.entries().stream()
                        .filter(v -> v.name().equals("num.partitions"))
                        .findFirst();
                ConfigEntry numPartitionConfig = optionalConfigEntry.orElseThrow();
                found.add("num.partitions " + numPartitionConfig.value());
            }
            // == Topic list
            for (TopicListing topicListing : admin.listTopics().listings().get()) {
                found.add("topic " + topicListing.name());
            }
            // == test topic information
            Map<String, TopicDescription> topicInformation = admin.describeTopics(Collections.singletonList("test"))
                    .allTopicNames()
                    .get();
            found.add("test has " + topicInformation.get("test").partitions().size() + " partitions");
            // == Consumer group list
            admin.listConsumerGroups().all().get().forEach(v -> found.add("group " + v.groupId()));
        }
        return found;
    }
}
