package io.naru.admin.metadata;

import io.naru.admin.controller.Change;
import io.naru.admin.controller.ControllerState;
import io.naru.cluster.ClusterImage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A metadata database in memory, with a clock of its own and failures on demand. */
public final class InMemoryMetadata {

    /** What becomes of the next commit. */
    public enum Failure {
        /** Fails, and nothing is committed. */
        NOT_COMMITTED,
        /** Is committed, and fails all the same: the connection broke before the answer. */
        COMMITTED
    }

    private static final class Cluster {
        ControllerState state = ControllerState.empty("id-" + UUID.randomUUID(), 0);

        @Nullable
        String holder;

        long expiresAtMs;
        final List<ChangeHistory.Entry> history = new ArrayList<>();
    }

    private final Map<String, Cluster> clusters = new HashMap<>();
    private final LongSupplier clockMs;
    private @Nullable Failure failure;

    /** A database without clusters. */
    public InMemoryMetadata(LongSupplier clockMs) {
        this.clockMs = clockMs;
    }

    /** Makes the next commit fail. */
    public synchronized void failNextCommit(Failure how) {
        failure = how;
    }

    /** The store of one cluster. */
    public MetadataStore store(String path) {
        return new Store(path);
    }

    /** The change history of one cluster. */
    public synchronized ChangeHistory history(String path) {
        return query -> {
            synchronized (InMemoryMetadata.this) {
                List<ChangeHistory.Entry> found = clusters.computeIfAbsent(path, p -> new Cluster()).history.stream()
                        .filter(entry -> query.kind() == null || entry.note().kind() == query.kind())
                        .filter(entry -> query.resource() == null
                                || entry.note().resource().equals(query.resource()))
                        .filter(entry -> entry.imageVersion() < query.before().imageVersion()
                                || (entry.imageVersion() == query.before().imageVersion()
                                        && entry.ordinal() < query.before().ordinal()))
                        .limit(query.limit() + 1)
                        .toList();
                List<ChangeHistory.Entry> entries = found.subList(0, Math.min(found.size(), query.limit()));
                return new ChangeHistory.Page(
                        entries,
                        found.size() > entries.size()
                                ? entries.get(entries.size() - 1).place()
                                : null);
            }
        };
    }

    private static void note(Cluster cluster, List<Change> changes) {
        int ordinal = 0;
        for (Change change : changes) {
            if (change instanceof Change.Noted noted) {
                cluster.history.add(
                        0,
                        new ChangeHistory.Entry(
                                cluster.state.image().version(), ordinal++, Instant.now(), noted.note()));
            }
        }
    }

    private final class Store implements MetadataStore {

        private final String path;

        Store(String path) {
            this.path = path;
        }

        @Override
        public Optional<ControllerState> acquire(String holder, Duration duration) {
            synchronized (InMemoryMetadata.this) {
                Cluster cluster = clusters.computeIfAbsent(path, p -> new Cluster());
                if (cluster.holder != null
                        && !cluster.holder.equals(holder)
                        && cluster.expiresAtMs > clockMs.getAsLong()) {
                    return Optional.empty();
                }
                cluster.holder = holder;
                cluster.expiresAtMs = clockMs.getAsLong() + duration.toMillis();
                cluster.state = withEpoch(cluster.state, epoch(cluster) + 1);
                return Optional.of(cluster.state);
            }
        }

        @Override
        public boolean renew(int epoch, Duration duration) {
            synchronized (InMemoryMetadata.this) {
                Cluster cluster = cluster();
                if (epoch(cluster) != epoch) {
                    return false;
                }
                cluster.expiresAtMs = clockMs.getAsLong() + duration.toMillis();
                return true;
            }
        }

        @Override
        public void release(int epoch) {
            synchronized (InMemoryMetadata.this) {
                if (epoch(cluster()) == epoch) {
                    cluster().holder = null;
                }
            }
        }

        @Override
        public void commit(List<Change> changes, ControllerState next) {
            synchronized (InMemoryMetadata.this) {
                Cluster cluster = cluster();
                if (epoch(cluster) != next.image().controllerEpoch()) {
                    throw new LeaseLostException(next.image().controllerEpoch());
                }
                Failure how = failure;
                failure = null;
                if (how == Failure.NOT_COMMITTED) {
                    throw new IllegalStateException("the database is gone");
                }
                cluster.state = cluster.state.apply(changes);
                checkIds(cluster.state.image());
                note(cluster, changes);
                if (how == Failure.COMMITTED) {
                    throw new IllegalStateException("the connection broke");
                }
            }
        }

        private Cluster cluster() {
            Cluster cluster = clusters.get(path);
            if (cluster == null) {
                throw new IllegalStateException("nobody has acquired " + path);
            }
            return cluster;
        }
    }

    private static int epoch(Cluster cluster) {
        return cluster.state.image().controllerEpoch();
    }

    private static void checkIds(ClusterImage image) {
        Set<String> ids = new HashSet<>();
        image.topics().values().forEach(topic -> {
            if (!ids.add(topic.topicId())) {
                throw new IllegalStateException("topic id " + topic.topicId() + " is not unique");
            }
        });
    }

    private static ControllerState withEpoch(ControllerState state, int epoch) {
        ClusterImage was = state.image();
        return new ControllerState(
                new ClusterImage(
                        was.version(),
                        epoch,
                        was.clusterId(),
                        was.brokers(),
                        was.coordinators(),
                        was.topics(),
                        was.shards(),
                        was.configs()),
                state.brokerProcesses(),
                state.coordinatorIncarnations(),
                state.nextProducerId());
    }
}
