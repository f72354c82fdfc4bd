package io.naru.admin.controller;

import io.naru.admin.controller.Note.Action;
import io.naru.admin.controller.Note.Kind;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.Actor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells changes that somebody asked for in words for people: what a thing was, and what it is now. */
final class Notes {

    private static final String PARTITIONS = "partitions";

    private final Actor actor;
    private final ClusterImage before;
    private final List<Note> notes = new ArrayList<>();
    private final Map<String, Integer> partitionsAdded = new LinkedHashMap<>();

    private Notes(Actor actor, ClusterImage before) {
        this.actor = actor;
        this.before = before;
    }

    static List<Note> of(Actor actor, List<Change> asked, ClusterImage before) {
        Notes told = new Notes(actor, before);
        asked.forEach(told::tell);
        told.partitionsAdded.forEach((topic, count) -> {
            int had = told.topic(topic).partitions().size();
            told.add(Action.CREATE_PARTITIONS, Kind.TOPIC, topic, partitions(had), partitions(had + count));
        });
        return told.notes;
    }

    private void tell(Change change) {
        if (change instanceof Change.TopicCreated created) {
            add(Action.CREATE, Kind.TOPIC, created.topic().name(), Map.of(), whole(created.topic()));
        } else if (change instanceof Change.TopicDeleted deleted) {
            add(Action.DELETE, Kind.TOPIC, deleted.name(), whole(topic(deleted.name())), Map.of());
        } else if (change instanceof Change.TopicConfigured topic) {
            configs(Kind.TOPIC, topic.topic(), topic(topic.topic()).configs(), topic.configs());
        } else if (change instanceof Change.BrokerConfigured broker) {
            BrokerImage was = before.brokers().get(broker.brokerId());
            configs(
                    Kind.BROKER,
                    Integer.toString(broker.brokerId()),
                    was == null ? Map.of() : was.configs(),
                    broker.configs());
        } else if (change instanceof Change.ClusterConfigured cluster) {
            configs(Kind.BROKER, Note.ALL_BROKERS, before.configs(), cluster.configs());
        } else if (change instanceof Change.PartitionAdded added) {
            partitionsAdded.merge(added.topic(), 1, Integer::sum);
        } else if (change instanceof Change.PartitionChanged changed) {
            partition(changed.topic(), changed.partition());
        } else if (change instanceof Change.BrokerUnregistered gone) {
            add(
                    Action.UNREGISTER,
                    Kind.BROKER,
                    Integer.toString(gone.brokerId()),
                    Map.of("registered", "true"),
                    Map.of("registered", "false"));
        }
    }

    private void partition(String topic, PartitionImage now) {
        PartitionImage was = before.partition(topic, now.partition()).orElse(null);
        if (was == null) {
            return;
        }
        String name = topic + "-" + now.partition();
        if (!was.target().equals(now.target())) {
            add(
                    Action.REASSIGN,
                    Kind.PARTITION,
                    name,
                    Map.of("replicas", ids(was.target())),
                    Map.of("replicas", ids(now.target())));
        } else if (was.leader() != now.leader()) {
            add(
                    Action.ELECT_LEADER,
                    Kind.PARTITION,
                    name,
                    Map.of("leader", Integer.toString(was.leader())),
                    Map.of("leader", Integer.toString(now.leader())));
        }
    }

    private void configs(Kind kind, String resource, Map<String, String> had, Map<String, String> has) {
        add(Action.ALTER_CONFIGS, kind, resource, differing(had, has), differing(has, had));
    }

    private static Map<String, String> differing(Map<String, String> from, Map<String, String> other) {
        return from.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(other.get(entry.getKey())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map<String, String> whole(TopicImage topic) {
        Map<String, String> told = new LinkedHashMap<>(topic.configs());
        told.put(PARTITIONS, Integer.toString(topic.partitions().size()));
        told.put("replication_factor", Integer.toString(topic.replicationFactor()));
        told.put("topic_id", topic.topicId());
        return told;
    }

    private static Map<String, String> partitions(int count) {
        return Map.of(PARTITIONS, Integer.toString(count));
    }

    private static String ids(List<Integer> replicas) {
        return replicas.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private TopicImage topic(String name) {
        TopicImage topic = before.topics().get(name);
        if (topic == null) {
            throw new IllegalStateException("a topic was changed that is not there: " + name);
        }
        return topic;
    }

    private void add(Action action, Kind kind, String resource, Map<String, String> was, Map<String, String> is) {
        notes.add(new Note(actor, action, kind, resource, was, is));
    }
}
