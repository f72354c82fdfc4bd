package io.naru.gateway.group;

import io.naru.protocol.client.MetadataCache;
import io.naru.protocol.client.TopicMetadata;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.Uuid;

/** The names of topics by id. An id never changes its name, so what is known stays known. Thread-safe and non-blocking. */
final class TopicNames {

    private static final int KNOWN_MAX = 100_000;

    private final MetadataCache metadata;
    private final Map<Uuid, String> known = new ConcurrentHashMap<>();

    TopicNames(MetadataCache metadata) {
        this.metadata = metadata;
    }

    void remember(Uuid topicId, String name) {
        if (known.size() >= KNOWN_MAX) {
            known.clear();
        }
        known.put(topicId, name);
    }

    /** The names of those topics that exist, as far as the broker knows that is asked. */
    CompletableFuture<Map<Uuid, String>> of(Collection<Uuid> topicIds) {
        Map<Uuid, String> names = known(topicIds);
        if (names.size() == topicIds.size()) {
            return CompletableFuture.completedFuture(names);
        }
        return metadata.allTopics().thenApply(topics -> {
            for (TopicMetadata topic : topics) {
                remember(topic.topicId(), topic.name());
            }
            return known(topicIds);
        });
    }

    private Map<Uuid, String> known(Collection<Uuid> topicIds) {
        Map<Uuid, String> names = new HashMap<>();
        for (Uuid topicId : topicIds) {
            String name = known.get(topicId);
            if (name != null) {
                names.put(topicId, name);
            }
        }
        return names;
    }
}
