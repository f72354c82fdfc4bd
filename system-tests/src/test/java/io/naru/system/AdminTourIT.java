package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.AdminTour;
import io.naru.system.program.Clients;
import io.naru.testkit.KafkaEndpoint;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.ReferenceKafka;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kafka.admin.ConfigCommand;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.tools.BrokerApiVersionsCommand;
import org.apache.kafka.tools.DeleteRecordsCommand;
import org.apache.kafka.tools.GetOffsetShell;
import org.apache.kafka.tools.LeaderElectionCommand;
import org.apache.kafka.tools.LogDirsCommand;
import org.apache.kafka.tools.TopicCommand;
import org.apache.kafka.tools.reassign.ReassignPartitionsCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The AdminClient and Apache's command-line tools see and do the same on Naru as on Apache Kafka. */
@Timeout(300)
class AdminTourIT {

    /** KIP-966 has KRaft set the minimum of in-sync replicas on all brokers, so that it is the same for all. Naru needs no such thing. */
    private static final String OF_KRAFT =
            "min.insync.replicas=1 sensitive=false synonyms={DYNAMIC_DEFAULT_BROKER_CONFIG";

    /** What Naru says, where that is something else; each for the reason beside it. */
    private static final Map<String, String> DIFFERENCES = Map.of(
            // Kafka names a record that has been deleted.
            "emptied max timestamp: ok 4 at 1700000090000 epoch Optional[0]",
            "emptied max timestamp: ok -1 at -1 epoch Optional.empty");

    private static final Pattern API = Pattern.compile("^(\\w+\\(\\d+\\)): (\\d+)(?: to (\\d+))? \\[usable");

    private static ReferenceKafka kafka;
    private static NaruCluster naru;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        kafka = ReferenceKafka.start(Map.of("auto.create.topics.enable", "false"));
        naru = NaruCluster.standalone()
                .property("naru.broker.auto-create-topics", "false")
                .start();
    }

    @AfterAll
    static void stop() {
        naru.close();
        kafka.close();
    }

    @Test
    void theAdminClientSeesAndDoesTheSame() throws Exception {
        List<String> reference = AdminTour.run(kafka).lines();
        assertThat(reference)
                .hasSizeGreaterThan(120)
                .anyMatch(line -> line.contains("SecurityDisabledException"))
                .anyMatch(line -> line.contains("DYNAMIC_DEFAULT_BROKER_CONFIG"));
        assertThat(AdminTour.run(naru).lines()).isEqualTo(argued(reference));
    }

    @Test
    void theToolsSeeAndDoTheSame() throws Exception {
        List<String> reference = tools(kafka);
        assertThat(reference).hasSizeGreaterThan(60);
        assertThat(tools(naru)).isEqualTo(argued(reference));
    }

    @Test
    void aKafkaClientIsNamedInTheHistoryByItsClientId() throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "told");
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", naru.bootstrapServers(), "client.id", "who-changes-this"))) {
            admin.createTopics(List.of(new NewTopic("told", 1, (short) 1)))
                    .all()
                    .get();
            AlterConfigOp set = new AlterConfigOp(new ConfigEntry("flush.ms", "7"), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(topic, List.of(set))).all().get();
        }
        Http http = new Http(naru.gatewayUrl());
        String cluster =
                http.get("/v3/clusters").json().at("/data/0/cluster_id").asString();
        JsonNode changes = http.get("/v3/clusters/" + cluster + "/changes?resource_type=TOPIC&resource_name=told")
                .json()
                .get("data");
        assertThat(changes.findValuesAsString("action")).containsExactly("ALTER_CONFIGS", "CREATE");
        assertThat(changes.findValuesAsString("client")).containsOnly("who-changes-this");
        assertThat(changes.findValuesAsString("address")).containsOnly("127.0.0.1");
        assertThat(changes.at("/0/after").toString()).isEqualTo("{\"flush.ms\":\"7\"}");
    }

    @Test
    void legacyAlterConfigsUnsetsWhatItDoesNotName() throws Exception {
        List<String> reference = legacy(kafka);
        assertThat(reference)
                .contains("NONE", "INVALID_CONFIG", "flush.ms DEFAULT_CONFIG", "retention.ms DEFAULT_CONFIG")
                .contains("segment.ms DYNAMIC_TOPIC_CONFIG");
        assertThat(legacy(naru)).isEqualTo(reference);
    }

    private static List<String> legacy(KafkaEndpoint endpoint) throws Exception {
        List<String> seen = new ArrayList<>();
        try (Admin admin = Clients.admin(endpoint);
                RawKafka raw = new RawKafka(endpoint.bootstrapServers())) {
            admin.createTopics(List.of(new NewTopic("legacy", 1, (short) 1).configs(Map.of("flush.ms", "7"))))
                    .all()
                    .get();
            seen.add(alter(raw, "legacy", Map.of("segment.ms", "9000"), false));
            seen.add(alter(raw, "legacy", Map.of("no.such.config", "1"), false));
            seen.add(alter(raw, "legacy", Map.of("segment.ms", "soon"), false));
            seen.add(alter(raw, "nowhere", Map.of("segment.ms", "9"), false));
            seen.add(alter(raw, "legacy", Map.of("retention.ms", "9000"), true));
            seen.add(alter(raw, "legacy", Map.of("retention.ms", "soon"), true));
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "legacy");
            Config config = admin.describeConfigs(List.of(topic)).all().get().get(topic);
            for (String name : List.of("flush.ms", "segment.ms", "retention.ms")) {
                seen.add(name + " " + config.get(name).source());
            }
        }
        return seen;
    }

    private static String alter(RawKafka raw, String topic, Map<String, String> configs, boolean validateOnly)
            throws IOException {
        short version = 1;
        AlterConfigsResource resource = new AlterConfigsResource()
                .setResourceType(ConfigResource.Type.TOPIC.id())
                .setResourceName(topic);
        configs.forEach((name, value) ->
                resource.configs().add(new AlterableConfig().setName(name).setValue(value)));
        AlterConfigsRequestData request = new AlterConfigsRequestData().setValidateOnly(validateOnly);
        request.resources().add(resource);
        ByteBuffer body = MessageUtil.toByteBufferAccessor(request, version).buffer();
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        raw.send(RawKafka.frame(ApiKeys.ALTER_CONFIGS.id, version, bytes));
        ByteBuffer reply = ByteBuffer.wrap(raw.reply());
        reply.getInt();
        AlterConfigsResponseData answer = new AlterConfigsResponseData(new ByteBufferAccessor(reply), version);
        return Errors.forCode(answer.responses().get(0).errorCode()).name();
    }

    private static List<String> argued(List<String> reference) {
        return reference.stream()
                .map(line -> DIFFERENCES.getOrDefault(line, line))
                .toList();
    }

    /** What Naru serves, Kafka serves as well, and in all of those versions. */
    @Test
    void theToolForApiVersionsSeesNothingThatKafkaHasNot() {
        Map<String, int[]> reference = versions(kafka);
        Map<String, int[]> served = versions(naru);
        assertThat(reference).hasSizeGreaterThan(50);
        assertThat(served)
                .hasSizeGreaterThan(30)
                .containsKeys("Produce(0)", "IncrementalAlterConfigs(44)", "DescribeTopicPartitions(75)");
        served.forEach((api, range) -> {
            assertThat(reference).containsKey(api);
            assertThat(range[0])
                    .as("oldest of " + api)
                    .isGreaterThanOrEqualTo(reference.get(api)[0]);
            assertThat(range[1])
                    .as("latest of " + api)
                    .isLessThanOrEqualTo(reference.get(api)[1]);
        });
    }

    /** First and last version of each API that the server has, as the tool prints them. */
    private static Map<String, int[]> versions(KafkaEndpoint endpoint) {
        Map<String, int[]> versions = new TreeMap<>();
        for (String line : ApacheTool.run(endpoint, BrokerApiVersionsCommand::main)) {
            Matcher api = API.matcher(line);
            if (api.find()) {
                int first = Integer.parseInt(api.group(2));
                int last = api.group(3) == null ? first : Integer.parseInt(api.group(3));
                versions.put(api.group(1), new int[] {first, last});
            }
        }
        return versions;
    }

    private List<String> tools(KafkaEndpoint endpoint) throws Exception {
        List<String> lines = new ArrayList<>();
        topics(endpoint, lines);
        try (KafkaProducer<String, String> producer = Clients.producer(endpoint, Map.of())) {
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>("tooled", i % 2, 1_700_000_000_000L + i, null, "v" + i))
                        .get();
            }
        }
        configs(endpoint, lines);
        records(endpoint, lines);
        replicas(endpoint, lines);
        tool(endpoint, lines, TopicCommand::main, "--delete", "--topic", "tooled");
        tool(endpoint, lines, TopicCommand::main, "--delete", "--topic", "tooled");
        return lines;
    }

    private static void topics(KafkaEndpoint endpoint, List<String> lines) {
        tool(
                endpoint,
                lines,
                TopicCommand::main,
                "--create",
                "--topic",
                "tooled",
                "--partitions",
                "2",
                "--replication-factor",
                "1",
                "--config",
                "retention.ms=-1");
        tool(endpoint, lines, TopicCommand::main, "--create", "--topic", "tooled");
        tool(endpoint, lines, TopicCommand::main, "--create", "--topic", "tooled", "--if-not-exists");
        tool(endpoint, lines, TopicCommand::main, "--create", "--topic", "..");
        tool(endpoint, lines, TopicCommand::main, "--create", "--topic", "other", "--config", "no.such.config=1");
        tool(endpoint, lines, TopicCommand::main, "--describe", "--topic", "tooled");
        tool(endpoint, lines, TopicCommand::main, "--describe", "--topic", "nowhere");
        tool(endpoint, lines, TopicCommand::main, "--describe", "--under-replicated-partitions");
        tool(endpoint, lines, TopicCommand::main, "--alter", "--topic", "tooled", "--partitions", "3");
        tool(endpoint, lines, TopicCommand::main, "--alter", "--topic", "tooled", "--partitions", "2");
        tool(endpoint, lines, TopicCommand::main, "--list", "--exclude-internal", "--topic", "tooled");
    }

    private static void configs(KafkaEndpoint endpoint, List<String> lines) {
        List<String> ofTopic = List.of("--entity-type", "topics", "--entity-name", "tooled");
        List<String> ofAll = List.of("--entity-type", "brokers", "--entity-default");
        config(endpoint, lines, ofTopic, "--alter", "--add-config", "flush.ms=9,cleanup.policy=[compact,delete]");
        config(endpoint, lines, ofTopic, "--describe");
        config(endpoint, lines, ofTopic, "--alter", "--delete-config", "flush.ms,cleanup.policy");
        config(endpoint, lines, ofTopic, "--alter", "--add-config", "no.such.config=1");
        config(endpoint, lines, ofTopic, "--alter", "--add-config", "retention.ms=soon");
        config(endpoint, lines, ofTopic, "--describe");
        config(endpoint, lines, ofAll, "--alter", "--add-config", "log.segment.delete.delay.ms=1234");
        config(endpoint, lines, ofAll, "--describe");
        config(endpoint, lines, ofAll, "--alter", "--delete-config", "log.segment.delete.delay.ms");
        config(endpoint, lines, ofAll, "--describe");
        config(endpoint, lines, ofAll, "--alter", "--add-config", "num.partitions=5");
    }

    private static void config(KafkaEndpoint endpoint, List<String> lines, List<String> entity, String... arguments) {
        List<String> all = new ArrayList<>(entity);
        all.addAll(List.of(arguments));
        tool(endpoint, lines, ConfigCommand::main, all.toArray(String[]::new));
    }

    private void records(KafkaEndpoint endpoint, List<String> lines) throws IOException {
        offsets(endpoint, lines);
        Path file = directory.resolve("records.json");
        Files.writeString(
                file,
                "{\"partitions\": [{\"topic\": \"tooled\", \"partition\": 0, \"offset\": 3},"
                        + " {\"topic\": \"tooled\", \"partition\": 1, \"offset\": 99}], \"version\": 1}");
        tool(endpoint, lines, DeleteRecordsCommand::main, "--offset-json-file", file.toString());
        offsets(endpoint, lines);
    }

    private static void offsets(KafkaEndpoint endpoint, List<String> lines) {
        for (String time :
                List.of("earliest", "latest", "max-timestamp", "earliest-local", "latest-tiered", "1700000000005")) {
            tool(endpoint, lines, GetOffsetShell::main, "--topic", "tooled", "--time", time);
        }
    }

    private void replicas(KafkaEndpoint endpoint, List<String> lines) throws IOException {
        tool(endpoint, lines, LogDirsCommand::main, "--describe", "--topic-list", "tooled");
        tool(endpoint, lines, LogDirsCommand::main, "--describe", "--broker-list", "77");
        tool(
                endpoint,
                lines,
                LeaderElectionCommand::main,
                "--election-type",
                "preferred",
                "--topic",
                "tooled",
                "--partition",
                "0");
        tool(endpoint, lines, LeaderElectionCommand::main, "--election-type", "unclean", "--all-topic-partitions");
        Path file = directory.resolve("reassignment.json");
        Files.writeString(
                file,
                "{\"version\": 1, \"partitions\": [{\"topic\": \"tooled\", \"partition\": 0, \"replicas\": [1]}]}");
        for (String action : List.of("--execute", "--verify", "--cancel")) {
            tool(endpoint, lines, ReassignPartitionsCommand::main, action, "--reassignment-json-file", file.toString());
        }
        tool(endpoint, lines, ReassignPartitionsCommand::main, "--list");
    }

    private static void tool(KafkaEndpoint endpoint, List<String> lines, ApacheTool.Main main, String... arguments) {
        lines.add("> " + String.join(" ", arguments).replaceAll("/\\S+/", ""));
        ApacheTool.run(endpoint, main, arguments).stream()
                .filter(line -> !line.startsWith(OF_KRAFT) && !line.matches("(\\[?at |Caused by: |\\.\\.\\. ).*"))
                .map(AdminTourIT::withoutWhatDiffers)
                .forEach(lines::add);
    }

    /** Ids, directories, sizes of volumes, words in which an error is told, and what KRaft writes at its first start. */
    private static String withoutWhatDiffers(String line) {
        return line.replaceAll("TopicId: \\S+", "TopicId: ID")
                .replaceAll("\"log_dirs\":[^\\]]*\\]", "\"log_dirs\":[DIRS]")
                .replaceAll("min.insync.replicas=1,", "")
                .replaceAll("(Error while executing topic command) : .*", "$1")
                .replaceAll("\"logDir\":\"[^\"]*\"", "\"logDir\":\"DIR\"")
                .replaceAll("\"(size|totalBytes|usableBytes)\":\\d+", "\"$1\":N")
                .replaceAll("(\\w*(Exception|Error)): .*", "$1");
    }
}
