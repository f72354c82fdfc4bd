package io.naru.admin.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.control.AlterConfigs;
import io.naru.cluster.control.AlterConfigs.ConfigOp;
import io.naru.cluster.control.AlterConfigs.Resource;
import io.naru.cluster.control.ConfigResults.ConfigResult;
import io.naru.cluster.control.ConfigTarget;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Configs of topics and brokers, set while the cluster runs. */
class ConfigAlterationTest {

    private static final ConfigTarget TOPIC = ConfigTarget.topic("t");

    private final ControllerFixture cluster = new ControllerFixture();

    @BeforeEach
    void threeBrokersAndATopic() {
        cluster.liveBrokers(1, 2, 3);
        cluster.createOn("t", Map.of("retention.ms", "5", "flush.ms", "7"), 1, 2, 3);
    }

    private static ConfigOp op(ConfigOp.Kind kind, String name, @Nullable String value) {
        return new ConfigOp(name, kind, value);
    }

    private ConfigResult alter(ConfigTarget target, ConfigOp... ops) {
        return alter(new Resource(target, Arrays.asList(ops)), false);
    }

    private ConfigResult alter(Resource resource, boolean validateOnly) {
        return cluster.commit(cluster.controller.alterConfigs(new AlterConfigs(List.of(resource), validateOnly)))
                .results()
                .get(0);
    }

    private Map<String, String> ofTopic() {
        return cluster.image().topic("t").orElseThrow().configs();
    }

    private static void is(Errors error, ConfigResult result, String... words) {
        assertThat(Errors.forCode(result.errorCode())).as("%s", result).isEqualTo(error);
        for (String word : words) {
            assertThat(result.message()).contains(word);
        }
    }

    @Test
    void setsAndUnsetsAndLeavesTheRest() {
        is(Errors.NONE, alter(TOPIC, ConfigOp.set("retention.ms", "9"), ConfigOp.delete("flush.ms")));
        assertThat(ofTopic()).isEqualTo(Map.of("retention.ms", "9"));
        is(Errors.NONE, alter(TOPIC, ConfigOp.set("segment.ms", "8")));
        assertThat(ofTopic()).isEqualTo(Map.of("retention.ms", "9", "segment.ms", "8"));
    }

    @Test
    void addsToAndTakesFromLists() {
        is(Errors.NONE, alter(TOPIC, op(ConfigOp.Kind.APPEND, "cleanup.policy", "compact")));
        assertThat(ofTopic()).containsEntry("cleanup.policy", "delete,compact");
        is(Errors.NONE, alter(TOPIC, op(ConfigOp.Kind.APPEND, "cleanup.policy", "compact")));
        assertThat(ofTopic()).containsEntry("cleanup.policy", "delete,compact");
        is(Errors.NONE, alter(TOPIC, op(ConfigOp.Kind.SUBTRACT, "cleanup.policy", "delete")));
        assertThat(ofTopic()).containsEntry("cleanup.policy", "compact");
        is(Errors.INVALID_CONFIG, alter(TOPIC, op(ConfigOp.Kind.APPEND, "retention.ms", "5")), "retention.ms", "LIST");
    }

    @Test
    void legacyAlterationUnsetsWhatItDoesNotName() {
        is(Errors.NONE, alter(new Resource(TOPIC, List.of(ConfigOp.set("flush.ms", "1")), true, null), false));
        assertThat(ofTopic()).isEqualTo(Map.of("flush.ms", "1"));
    }

    @Test
    void refusesByNameAndChangesNothing() {
        long version = cluster.image().version();
        is(Errors.INVALID_CONFIG, alter(TOPIC, ConfigOp.set("retention.mss", "1")), "retention.mss");
        is(Errors.INVALID_CONFIG, alter(TOPIC, ConfigOp.set("retention.ms", "soon")), "retention.ms", "soon");
        is(Errors.INVALID_CONFIG, alter(TOPIC, ConfigOp.set("segment.ms", "1"), ConfigOp.set("flush.ms", "-1")));
        is(Errors.INVALID_CONFIG, alter(TOPIC, ConfigOp.set("cleanup.policy", "delete,".repeat(5_000) + "delete")));
        is(Errors.INVALID_REQUEST, alter(TOPIC, op(ConfigOp.Kind.SET, "retention.ms", null)), "retention.ms");
        is(
                Errors.INVALID_REQUEST,
                alter(TOPIC, ConfigOp.set("flush.ms", "1"), ConfigOp.delete("flush.ms")),
                "flush.ms");
        is(Errors.UNKNOWN_TOPIC_OR_PARTITION, alter(ConfigTarget.topic("x"), ConfigOp.set("flush.ms", "1")), "'x'");
        is(Errors.BROKER_ID_NOT_REGISTERED, alter(ConfigTarget.broker(9), ConfigOp.set("log.retention.ms", "1")));
        ConfigTarget noBroker = new ConfigTarget(ConfigTarget.Kind.BROKER, "one");
        is(Errors.INVALID_REQUEST, alter(noBroker, ConfigOp.set("log.retention.ms", "1")), "one");
        is(Errors.INVALID_REQUEST, alter(ConfigTarget.broker(1), ConfigOp.set("log.dirs", "/x")), "log.dirs");
        is(Errors.INVALID_REQUEST, alter(ConfigTarget.allBrokers(), ConfigOp.set("node.id", "7")), "node.id");
        is(Errors.INVALID_CONFIG, alter(ConfigTarget.allBrokers(), ConfigOp.set("no.such", "7")), "no.such");
        is(Errors.INVALID_REQUEST, alter(ConfigTarget.allBrokers(), ConfigOp.set("num.io.threads", "0")));
        is(Errors.INVALID_REQUEST, alter(ConfigTarget.topic(""), ConfigOp.set("flush.ms", "1")));
        is(Errors.INVALID_REQUEST, alter(ConfigTarget.broker(1), ConfigOp.set("min.insync.replicas", "2")));
        assertThat(cluster.image().version()).isEqualTo(version);
    }

    @Test
    void namesAResourceOnce() {
        Resource one = new Resource(TOPIC, List.of(ConfigOp.set("flush.ms", "1")));
        Resource other = new Resource(ConfigTarget.allBrokers(), List.of(ConfigOp.set("log.flush.interval.ms", "1")));
        List<ConfigResult> results = cluster.commit(
                        cluster.controller.alterConfigs(new AlterConfigs(List.of(one, other, one), false)))
                .results();
        is(Errors.INVALID_REQUEST, results.get(0));
        is(Errors.NONE, results.get(1));
        is(Errors.INVALID_REQUEST, results.get(2));
        assertThat(ofTopic()).containsEntry("flush.ms", "7");
        assertThat(cluster.image().configs()).isEqualTo(Map.of("log.flush.interval.ms", "1"));
    }

    @Test
    void validationAloneShowsWhatWouldBeAndChangesNothing() {
        ConfigResult would = alter(new Resource(TOPIC, List.of(ConfigOp.set("flush.ms", "1"))), true);
        is(Errors.NONE, would);
        assertThat(would.configs()).isEqualTo(Map.of("retention.ms", "5", "flush.ms", "1"));
        assertThat(ofTopic()).containsEntry("flush.ms", "7");
    }

    @Test
    void changesOnlyWhatTheCallerHasSeen() {
        Map<String, String> seen = ofTopic();
        alter(TOPIC, ConfigOp.set("flush.ms", "8"));
        List<ConfigOp> ops = List.of(ConfigOp.set("retention.ms", "1"));
        is(Errors.INVALID_UPDATE_VERSION, alter(new Resource(TOPIC, ops, false, seen), false));
        is(Errors.NONE, alter(new Resource(TOPIC, ops, false, ofTopic()), false));
    }

    @Test
    void configsOfABrokerOutliveItsRestartsAndGoWithIt() {
        is(Errors.NONE, alter(ConfigTarget.broker(2), ConfigOp.set("log.retention.ms", "3")));
        cluster.die(2);
        cluster.restart(2, true);
        cluster.failOver();
        assertThat(cluster.broker(2).configs()).isEqualTo(Map.of("log.retention.ms", "3"));
        assertThat(cluster.broker(1).configs()).isEmpty();
    }

    @Test
    void minimumOfAllBrokersCountsInElections() {
        cluster.createOn("u", Map.of(), 1, 2, 3);
        is(Errors.NONE, alter(ConfigTarget.allBrokers(), ConfigOp.set("min.insync.replicas", "2")));
        cluster.alterIsr("u", 0, 1);
        assertThat(cluster.partition("u", 0).elr())
                .as("eligible while below the minimum")
                .isNotEmpty();
        cluster.createOn("v", Map.of("min.insync.replicas", "1"), 1, 2, 3);
        cluster.alterIsr("v", 0, 1);
        assertThat(cluster.partition("v", 0).elr()).isEmpty();
    }
}
