package io.naru.system.program;

import static io.naru.system.program.AdminSteps.get;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;

/** Configs of topics and brokers, set while the server runs. */
final class ConfigSteps {

    private static final String TOPIC = "configured";
    private static final List<String> OF_TOPICS = List.of(
            "retention.ms", "segment.ms", "flush.ms", "cleanup.policy", "max.message.bytes", "compression.zstd.level");
    private static final ConfigResource ALL_BROKERS = new ConfigResource(ConfigResource.Type.BROKER, "");

    private final Admin admin;
    private final Transcript transcript;
    private final ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
    private final ConfigResource broker;

    ConfigSteps(Admin admin, Transcript transcript) throws Exception {
        this.admin = admin;
        this.transcript = transcript;
        String id = get(admin.describeCluster().nodes()).stream()
                .filter(node -> node.id() < 1_000_000)
                .findFirst()
                .orElseThrow()
                .idString();
        this.broker = new ConfigResource(ConfigResource.Type.BROKER, id);
    }

    void run() throws Exception {
        get(admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1).configs(Map.of("flush.ms", "7"))))
                .all());
        Awaitility.await().ignoreExceptions().until(() -> "7".equals(value(topic, "flush.ms")));
        describe("at first");
        ofTopic();
        ofBrokers();
        refusals();
    }

    private void ofTopic() throws Exception {
        alter("set", topic, op("retention.ms", "5000", OpType.SET), op("flush.ms", "", OpType.DELETE));
        alter("append", topic, op("cleanup.policy", "compact", OpType.APPEND));
        alter("append again", topic, op("cleanup.policy", "compact", OpType.APPEND));
        describe("appended");
        alter("subtract", topic, op("cleanup.policy", "delete", OpType.SUBTRACT));
        alter("subtract what is not there", topic, op("cleanup.policy", "nothing", OpType.SUBTRACT));
        transcript.noteOutcome(
                "validate only",
                () -> get(admin.incrementalAlterConfigs(
                                Map.of(topic, List.of(op("retention.ms", "1", OpType.SET))),
                                new AlterConfigsOptions().validateOnly(true))
                        .all()));
        describe("after all that");
        alter("delete what is not set", topic, op("segment.ms", "", OpType.DELETE));
        alter("delete what does not exist", topic, op("no.such.config", "", OpType.DELETE));
        alter("back", topic, op("cleanup.policy", "", OpType.DELETE), op("retention.ms", "", OpType.DELETE));
    }

    private void ofBrokers() throws Exception {
        alter("all brokers", ALL_BROKERS, op("log.retention.ms", "60000", OpType.SET));
        Awaitility.await().until(() -> "60000".equals(value(topic, "retention.ms")));
        describe("as all brokers");
        alter("one broker", broker, op("log.retention.ms", "50000", OpType.SET));
        Awaitility.await().until(() -> "50000".equals(value(topic, "retention.ms")));
        describe("as one broker");
        describeBroker();
        alter("one broker no more", broker, op("log.retention.ms", "", OpType.DELETE));
        alter("all brokers no more", ALL_BROKERS, op("log.retention.ms", "", OpType.DELETE));
        Awaitility.await().until(() -> "604800000".equals(value(topic, "retention.ms")));
        describe("at last");
    }

    private void describeBroker() throws Exception {
        Config config = config(broker);
        for (String name : List.of("log.retention.ms", "log.retention.hours", "log.roll.hours", "num.io.threads")) {
            transcript.note("broker " + name, entry(config.get(name)));
        }
        Config all = config(ALL_BROKERS);
        transcript.note("all brokers log.retention.ms", entry(all.get("log.retention.ms")));
    }

    private void refusals() throws Exception {
        alter("unknown", topic, op("no.such.config", "1", OpType.SET));
        alter("not a number", topic, op("retention.ms", "soon", OpType.SET));
        alter("out of range", topic, op("retention.ms", "-2", OpType.SET));
        alter("append to a number", topic, op("retention.ms", "5", OpType.APPEND));
        alter("null", topic, op("retention.ms", null, OpType.SET));
        alter("twice", topic, op("retention.ms", "5", OpType.SET), op("retention.ms", "6", OpType.SET));
        alter(
                "unknown topic",
                new ConfigResource(ConfigResource.Type.TOPIC, "nowhere"),
                op("flush.ms", "1", OpType.SET));
        alter("no topic name", new ConfigResource(ConfigResource.Type.TOPIC, ""), op("flush.ms", "1", OpType.SET));
        alter("read-only", broker, op("node.id", "7", OpType.SET));
        alter("read-only on all", ALL_BROKERS, op("num.partitions", "7", OpType.SET));
        alter("invalid on all", ALL_BROKERS, op("log.retention.ms", "soon", OpType.SET));
        transcript.noteOutcome(
                "describe unknown broker",
                () -> get(admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.BROKER, "x")))
                        .all()));
        describe("unchanged");
    }

    private static AlterConfigOp op(String name, String value, OpType type) {
        return new AlterConfigOp(new ConfigEntry(name, value), type);
    }

    private void alter(String step, ConfigResource resource, AlterConfigOp... ops) {
        Map<ConfigResource, Collection<AlterConfigOp>> wanted = Map.of(resource, List.of(ops));
        transcript.noteOutcome(
                step, () -> get(admin.incrementalAlterConfigs(wanted).all()));
    }

    private String value(ConfigResource resource, String name) throws Exception {
        return config(resource).get(name).value();
    }

    private Config config(ConfigResource resource) throws Exception {
        return get(admin.describeConfigs(List.of(resource), new DescribeConfigsOptions().includeSynonyms(true))
                        .all())
                .get(resource);
    }

    private void describe(String step) throws Exception {
        Config config = config(topic);
        OF_TOPICS.forEach(name -> transcript.note(step + " " + name, entry(config.get(name))));
    }

    private static String entry(ConfigEntry entry) {
        if (entry == null) {
            return "missing";
        }
        List<String> synonyms = entry.synonyms().stream()
                .map(synonym -> synonym.name() + "=" + synonym.value() + " " + synonym.source())
                .toList();
        return entry.value() + " " + entry.source() + " " + entry.type() + (entry.isReadOnly() ? " read-only " : " ")
                + synonyms;
    }
}
