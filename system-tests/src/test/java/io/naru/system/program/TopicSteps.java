package io.naru.system.program;

import static io.naru.system.program.AdminSteps.get;

import io.naru.testkit.KafkaEndpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.Uuid;
import org.awaitility.Awaitility;

/** Topics, partitions, their records, directories, leaders and replicas. */
final class TopicSteps {

    private static final String TOPIC = "toured";
    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
    private static final TopicPartition NOWHERE = new TopicPartition("nowhere", 0);
    private static final long BASE_MS = 1_700_000_000_000L;

    private final KafkaEndpoint endpoint;
    private final Admin admin;
    private final Transcript transcript;
    private final int broker;

    TopicSteps(KafkaEndpoint endpoint, Admin admin, Transcript transcript) throws Exception {
        this.endpoint = endpoint;
        this.admin = admin;
        this.transcript = transcript;
        this.broker = get(admin.describeCluster().nodes()).stream()
                .mapToInt(node -> node.id())
                .filter(id -> id < 1_000_000)
                .findFirst()
                .orElseThrow();
    }

    void run() throws Exception {
        badTopics();
        topicsAndIds();
        partitions();
        records();
        directories();
        leadersAndReplicas();
        delete();
    }

    private void badTopics() {
        create("dots", "..", 1, 1);
        create("long", "x".repeat(250), 1, 1);
        create("accent", "caf\u00e9", 1, 1);
        create("no name", "", 1, 1);
        create("no partitions", "bad", 0, 1);
        create("negative", "bad", -5, 1);
        create("no replicas", "bad", 1, 0);
        create("too many replicas", "bad", 1, 5);
        create("million", "bad", 1_000_000, 1);
        transcript.noteOutcome(
                "unknown config",
                () -> get(admin.createTopics(
                                List.of(new NewTopic("bad", 1, (short) 1).configs(Map.of("no.such.config", "1"))))
                        .all()));
        transcript.noteOutcome(
                "gap in assignment",
                () -> get(admin.createTopics(List.of(new NewTopic("bad", Map.of(1, List.of(broker)))))
                        .all()));
        transcript.noteOutcome(
                "assigned to nobody",
                () -> get(admin.createTopics(List.of(new NewTopic("bad", Map.of(0, List.of(77)))))
                        .all()));
    }

    private void create(String step, String name, int partitions, int replicas) {
        transcript.noteOutcome(
                step,
                () -> get(admin.createTopics(List.of(new NewTopic(name, partitions, (short) replicas)))
                        .all()));
    }

    private void topicsAndIds() throws Exception {
        // The records of this tour are older than those that are kept by default.
        transcript.noteOutcome(
                "create",
                () -> get(admin.createTopics(
                                List.of(new NewTopic(TOPIC, 2, (short) 1).configs(Map.of("retention.ms", "-1"))))
                        .all()));
        Awaitility.await().until(() -> get(admin.listTopics().names()).contains(TOPIC));
        create("create again", TOPIC, 2, 1);
        Uuid id = get(admin.describeTopics(List.of(TOPIC)).allTopicNames())
                .get(TOPIC)
                .topicId();
        transcript.note(
                "by id",
                get(admin.describeTopics(TopicCollection.ofTopicIds(List.of(id)))
                                .allTopicIds())
                        .get(id)
                        .name());
        Uuid unknown = new Uuid(7, 7);
        transcript.noteOutcome(
                "by unknown id",
                () -> get(admin.describeTopics(TopicCollection.ofTopicIds(List.of(unknown)))
                        .allTopicIds()));
        transcript.note(
                "listed with its id",
                get(admin.listTopics().listings()).stream()
                        .anyMatch(topic ->
                                topic.name().equals(TOPIC) && topic.topicId().equals(id) && !topic.isInternal()));
        transcript.noteOutcome(
                "delete by unknown id",
                () -> get(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(unknown)))
                        .all()));
    }

    private void partitions() throws Exception {
        grow("only checked", TOPIC, 9, true);
        grow("grow", TOPIC, 4, false);
        grow("shrink", TOPIC, 3, false);
        grow("the same", TOPIC, 4, false);
        grow("grow nothing", "nowhere", 4, false);
        transcript.note(
                "partitions now",
                get(admin.describeTopics(List.of(TOPIC)).allTopicNames())
                        .get(TOPIC)
                        .partitions()
                        .size());
    }

    private void grow(String step, String topic, int count, boolean validateOnly) {
        transcript.noteOutcome(
                step,
                () -> get(admin.createPartitions(
                                Map.of(topic, NewPartitions.increaseTo(count)),
                                new CreatePartitionsOptions().validateOnly(validateOnly))
                        .all()));
    }

    private void records() throws Exception {
        try (KafkaProducer<String, String> producer = Clients.producer(endpoint, Map.of())) {
            for (int i = 0; i < 10; i++) {
                long timestamp = BASE_MS + (i == 4 ? 90_000 : 1_000 * i);
                producer.send(new ProducerRecord<>(TOPIC, 0, timestamp, "k" + i, "v" + i))
                        .get();
            }
            List<ProducerState> producers = get(admin.describeProducers(List.of(FIRST))
                            .partitionResult(FIRST))
                    .activeProducers();
            for (ProducerState state : producers) {
                transcript.note(
                        "producer",
                        state.producerEpoch() + " " + state.lastSequence() + " " + state.lastTimestamp() + " "
                                + state.coordinatorEpoch() + " " + state.currentTransactionStartOffset());
            }
        }
        offsets("");
        deleteRecords("delete records", FIRST, 4);
        deleteRecords("delete fewer", FIRST, 2);
        deleteRecords("delete beyond", FIRST, 11);
        deleteRecords("delete negative", FIRST, -5);
        offsets("shortened ");
        deleteRecords("delete all", FIRST, -1);
        offsets("emptied ");
    }

    private void offsets(String when) {
        Map<String, OffsetSpec> specs = new LinkedHashMap<>();
        specs.put("earliest", OffsetSpec.earliest());
        specs.put("latest", OffsetSpec.latest());
        specs.put("max timestamp", OffsetSpec.maxTimestamp());
        specs.put("earliest local", OffsetSpec.earliestLocal());
        specs.put("latest tiered", OffsetSpec.latestTiered());
        specs.put("earliest pending upload", OffsetSpec.earliestPendingUpload());
        specs.put("at 5 s", OffsetSpec.forTimestamp(BASE_MS + 5_000));
        specs.put("at 1 h", OffsetSpec.forTimestamp(BASE_MS + 3_600_000));
        specs.forEach((name, spec) -> transcript.noteOutcome(when + name, () -> {
            ListOffsetsResultInfo found =
                    get(admin.listOffsets(Map.of(FIRST, spec)).all()).get(FIRST);
            return found.offset() + " at " + found.timestamp() + " epoch " + found.leaderEpoch();
        }));
    }

    private void deleteRecords(String step, TopicPartition partition, long offset) {
        transcript.noteOutcome(
                step,
                () -> get(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                                .lowWatermarks()
                                .get(partition))
                        .lowWatermark());
    }

    private void directories() throws Exception {
        Map<String, LogDirDescription> directories =
                get(admin.describeLogDirs(List.of(broker)).allDescriptions()).get(broker);
        transcript.note("directories", directories.size());
        LogDirDescription directory = directories.values().iterator().next();
        Map<String, Boolean> replicas = new TreeMap<>();
        directory.replicaInfos().forEach((partition, info) -> {
            if (partition.topic().equals(TOPIC)) {
                replicas.put(partition.toString(), info.size() > 0 || partition.partition() > 0);
            }
        });
        transcript.note("replicas", replicas);
        transcript.note(
                "volume",
                directory.totalBytes().getAsLong() > 0
                        && directory.usableBytes().getAsLong() > 0
                        && directory.error() == null);
        moveTo("move nowhere", FIRST, "/no/such/directory");
        moveTo("stay", FIRST, directories.keySet().iterator().next());
        transcript.noteOutcome(
                "directories of nobody",
                () -> get(admin.describeReplicaLogDirs(List.of(new TopicPartitionReplica(TOPIC, 0, broker)))
                                .all())
                        .values()
                        .iterator()
                        .next()
                        .getFutureReplicaLogDir());
    }

    private void moveTo(String step, TopicPartition partition, String directory) {
        transcript.noteOutcome(
                step,
                () -> get(admin.alterReplicaLogDirs(Map.of(
                                new TopicPartitionReplica(partition.topic(), partition.partition(), broker), directory))
                        .all()));
    }

    private void leadersAndReplicas() throws Exception {
        elect("elect preferred", ElectionType.PREFERRED, FIRST);
        elect("elect unclean", ElectionType.UNCLEAN, FIRST);
        elect("elect nowhere", ElectionType.PREFERRED, NOWHERE);
        transcript.note(
                "elect all", get(admin.electLeaders(ElectionType.UNCLEAN, null).partitions()));
        reassign("reassign to the same", FIRST, Optional.of(new NewPartitionReassignment(List.of(broker))));
        reassign("reassign to nobody", FIRST, Optional.of(new NewPartitionReassignment(List.of(77))));
        reassign("reassign twice the same", FIRST, Optional.of(new NewPartitionReassignment(List.of(broker, broker))));
        reassign("cancel nothing", FIRST, Optional.empty());
        reassign("reassign nowhere", NOWHERE, Optional.of(new NewPartitionReassignment(List.of(broker))));
        transcript.note("reassignments", get(admin.listPartitionReassignments().reassignments()));
    }

    private void elect(String step, ElectionType type, TopicPartition partition) throws Exception {
        transcript.note(
                step,
                get(admin.electLeaders(type, Set.of(partition)).partitions())
                        .get(partition)
                        .map(error -> error.getClass().getSimpleName()));
    }

    private void reassign(String step, TopicPartition partition, Optional<NewPartitionReassignment> target) {
        transcript.noteOutcome(
                step,
                () -> get(admin.alterPartitionReassignments(Map.of(partition, target))
                        .all()));
    }

    private void delete() throws Exception {
        Uuid id = get(admin.describeTopics(List.of(TOPIC)).allTopicNames())
                .get(TOPIC)
                .topicId();
        get(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id))).all());
        transcript.noteOutcome(
                "delete again", () -> get(admin.deleteTopics(List.of(TOPIC)).all()));
    }
}
