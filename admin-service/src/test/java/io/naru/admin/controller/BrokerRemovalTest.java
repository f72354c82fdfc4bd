package io.naru.admin.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrokerRemovalTest {

    private final ControllerFixture cluster = new ControllerFixture();

    @BeforeEach
    void threeBrokers() {
        cluster.liveBrokers(1, 2, 3);
    }

    private void remove(int id) {
        cluster.commit(cluster.controller.unregisterBroker(id));
    }

    private void refused(int id, Errors error, String... words) {
        assertThatThrownBy(() -> remove(id)).isInstanceOfSatisfying(RefusedException.class, refused -> {
            assertThat(refused.error()).isEqualTo(error);
            assertThat(refused.getMessage()).contains(words);
        });
    }

    @Test
    void deadBrokerThatNobodyNeedsCanBeRemoved() {
        cluster.createOn("t", Map.of("min.insync.replicas", "2"), 1, 2);
        cluster.die(2);
        assertThat(cluster.partition("t", 0).elr()).containsExactly(2);
        remove(2);
        assertThat(cluster.image().brokers()).containsOnlyKeys(1, 3);
        assertThat(cluster.partition("t", 0).elr()).isEmpty();
        assertThat(cluster.partition("t", 0).replicas())
                .as("until it is reassigned")
                .containsExactly(1, 2);
        refused(2, Errors.BROKER_ID_NOT_REGISTERED, "2");
        assertThat(cluster.reassign("t", 0, List.of(1, 3)).errorCode()).isZero();
        cluster.alterIsr("t", 0, 1, 3);
        assertThat(cluster.partition("t", 0).replicas()).containsExactly(1, 3);
    }

    @Test
    void liveBrokerIsNot() {
        refused(1, Errors.INVALID_REQUEST, "alive", "Stop it");
    }

    @Test
    void brokerWithTheOnlyCopyIsNot() {
        cluster.createOn("t", Map.of(), 2);
        cluster.createOn("u", Map.of(), 2, 1);
        cluster.alterIsr("u", 0, 2);
        cluster.die(2);
        refused(2, Errors.INVALID_REQUEST, "2 partition(s)", "reassignment", "unclean");
        cluster.delete("t");
        refused(2, Errors.INVALID_REQUEST, "u-0");
        assertThat(cluster.elect(true, "u", 0).errorCode()).isZero();
        remove(2);
        assertThat(cluster.partition("u", 0).leader()).isEqualTo(1);
    }

    @Test
    void targetOfAReassignmentIsNot() {
        cluster.createOn("t", Map.of(), 1);
        cluster.reassign("t", 0, List.of(1, 2));
        cluster.die(2);
        refused(2, Errors.INVALID_REQUEST, "t-0", "Cancel");
        cluster.reassign("t", 0, null);
        remove(2);
    }

    @Test
    void removedBrokerMayComeBackAsANewOne() {
        cluster.createOn("t", Map.of(), 1, 2);
        cluster.die(2);
        remove(2);
        cluster.liveBroker(2);
        assertThat(cluster.partition("t", 0).isr()).containsExactly(1);
        assertThat(cluster.alterIsr("t", 0, 1, 2).errorCode()).isZero();
    }
}
