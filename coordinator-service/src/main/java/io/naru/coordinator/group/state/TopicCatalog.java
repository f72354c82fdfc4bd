package io.naru.coordinator.group.state;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.TopicImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/** What groups need to know of topics: names, ids and numbers of partitions. Immutable. */
public final class TopicCatalog {

    /** No topics. */
    public static final TopicCatalog EMPTY = new TopicCatalog(-1, new TreeMap<>());

    /**
     * A topic.
     *
     * @param partitions how many, ≥ 1
     * @param internal   belongs to the system: no pattern matches it
     */
    public record Topic(String name, Uuid id, int partitions, boolean internal) {}

    private final long version;
    private final SortedMap<String, Topic> byName;
    private final Map<Uuid, Topic> byId = new HashMap<>();

    private TopicCatalog(long version, SortedMap<String, Topic> byName) {
        this.version = version;
        this.byName = byName;
        byName.values().forEach(topic -> byId.put(topic.id(), topic));
    }

    /** A catalog of these topics. */
    public static TopicCatalog of(long version, Collection<Topic> topics) {
        SortedMap<String, Topic> byName = new TreeMap<>();
        topics.forEach(topic -> byName.put(topic.name(), topic));
        return new TopicCatalog(version, byName);
    }

    /** The catalog of a newer image: this one itself when no topic has come, gone or grown, so that nobody looks again. */
    public TopicCatalog next(ClusterImage image) {
        SortedMap<String, Topic> topics = new TreeMap<>();
        for (TopicImage topic : image.topics().values()) {
            topics.put(
                    topic.name(),
                    new Topic(
                            topic.name(),
                            Uuid.fromString(topic.topicId()),
                            topic.partitions().size(),
                            topic.internal()));
        }
        return version >= 0 && topics.equals(byName) ? this : new TopicCatalog(image.version(), topics);
    }

    /** Version of the image that last changed it; −1 before the first. */
    public long version() {
        return version;
    }

    /** The topic of that name. */
    public Optional<Topic> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The topic with that id. */
    public Optional<Topic> find(Uuid topicId) {
        return Optional.ofNullable(byId.get(topicId));
    }

    /** All topics, by name. */
    public Collection<Topic> topics() {
        return byName.values();
    }

    /**
     * Stands for the named topics as they are: the same hash means that none has come, gone, grown or been created anew. Never 0 unless
     * {@code names} is empty.
     */
    public long hash(SortedSet<String> names) {
        if (names.isEmpty()) {
            return 0;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (String name : names) {
                Topic topic = byName.get(name);
                if (topic != null) {
                    out.writeUTF(name);
                    out.writeLong(topic.id().getMostSignificantBits());
                    out.writeLong(topic.id().getLeastSignificantBits());
                    out.writeInt(topic.partitions());
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        try {
            long hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()))
                    .getLong();
            return hash == 0 ? 1 : hash;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
