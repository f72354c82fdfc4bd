package io.naru.coordinator.group.consumer;

import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.TopicCatalog;

/** What becomes of a group whose members change their protocol (KIP-848). */
public interface Migration {

    /**
     * Whether a classic group with members can become a consumer group.
     *
     * @throws org.apache.kafka.common.errors.ApiException 69 when it cannot
     */
    void checkUpgrade(ClassicGroup group, TopicCatalog catalog);

    /** Makes it one, with its members where they are. Call {@link #checkUpgrade} first. */
    void upgrade(ClassicGroup group, TopicCatalog catalog, Changes changes, long nowMs);

    /** A member is gone: a group in which none but classic members are left becomes a classic one. */
    void afterRemoval(ConsumerGroup group, TopicCatalog catalog, Changes changes, long nowMs);
}
