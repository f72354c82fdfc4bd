package io.naru.admin.controller;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.ShardImage;
import io.naru.cluster.TopicImage;
import java.util.Map;

/**
 * One step from a {@link ControllerState} to the next: the only way state changes, in memory as in the database. Each holds the new
 * values, so that applying it needs no decision.
 */
public sealed interface Change {

    /** Applies this change to a state that is being made. */
    void applyTo(StateBuilder state);

    /** A broker is registered, for the first time or again. */
    record BrokerRegistered(BrokerImage broker, BrokerProcess process) implements Change {
        @Override
        public void applyTo(StateBuilder state) {
            state.broker(broker, process);
        }
    }

    /** A broker is registered no longer. */
    record BrokerUnregistered(int brokerId) implements Change {
        @Override
        public void applyTo(StateBuilder state) {
            state.brokerGone(brokerId);
        }
    }

    /** A registered broker is fenced or no longer fenced. */
    record BrokerFenced(int brokerId, boolean fenced) implements Change {
        @Override
        public void applyTo(StateBuilder state) {
            state.brokerFenced(brokerId, fenced);
        }
    }

    /** A coordinator is registered, for the first time or again. */
    record CoordinatorRegistered(CoordinatorImage coordinator, String incarnationId) implements Change {
        @Override
        public void applyTo(StateBuilder state) {
            state.coordinator(coordinator, incarnationId);
        }
    }

    /** A registered coordinator's session lapsed or came back. */
    record CoordinatorAlive(int coordinatorId, boolean alive) implements Change {
        @Override
        public void applyTo(StateBuilder state) {
            state.coordinatorAlive(coordinatorId, alive);
        }
    }

    /** A topic with all its partitions. */
    record TopicCreated(TopicImage topic) implements Change {
        @Override
        public void applyTo(StateBuilder state) {
            state.topic(topic);
        }
    }

    /** A topic is gone. */
    record TopicDeleted(String name) implements Change {
        @Override
        public void applyTo(StateBuilder state) {
            state.topicDeleted(name);
        }
    }

    /** The configs that are set on a topic, all of them. */
    record TopicConfigured(String topic, Map<String, String> configs) implements Change {
        /** Copies the configs. */
        public TopicConfigured {
            configs = Map.copyOf(configs);
        }

        @Override
        public void applyTo(StateBuilder state) {
            state.configs(topic, configs);
        }
    }

    /** The configs that are set on a broker while it runs, all of them. */
    record BrokerConfigured(int brokerId, Map<String, String> configs) implements Change {
        /** Copies the configs. */
        public BrokerConfigured {
            configs = Map.copyOf(configs);
        }

        @Override
        public void applyTo(StateBuilder state) {
            state.brokerConfigs(brokerId, configs);
        }
    }

    /** The configs that are set on all brokers, all of them. */
    record ClusterConfigured(Map<String, String> configs) implements Change {
        /** Copies the configs. */
        public ClusterConfigured {
            configs = Map.copyOf(configs);
        }

        @Override
        public void applyTo(StateBuilder state) {
            state.clusterConfigs(configs);
        }
    }

    /** Somebody has changed something: a line of the change history, which is read from the database only. */
    record Noted(Note note) implements Change {
        @Override
        public void applyTo(StateBuilder state) {
            state.noted();
        }
    }

    /** A topic has one more partition, the next one. */
    record PartitionAdded(String topic, PartitionImage partition) implements Change {
        @Override
        public void applyTo(StateBuilder state) {
            state.partitionAdded(topic, partition);
        }
    }

    /** A partition's replicas, leader, ISR or epochs. */
    record PartitionChanged(String topic, PartitionImage partition) implements Change {
        @Override
        public void applyTo(StateBuilder state) {
            state.partition(topic, partition);
        }
    }

    /** A group shard's owner; shards are added in order. */
    record ShardAssigned(ShardImage shard) implements Change {
        @Override
        public void applyTo(StateBuilder state) {
            state.shard(shard);
        }
    }

    /** Producer ids below {@code next} have been given out. Not part of the image. */
    record ProducerIdsTaken(long next) implements Change {
        @Override
        public void applyTo(StateBuilder state) {
            state.nextProducerId(next);
        }
    }
}
