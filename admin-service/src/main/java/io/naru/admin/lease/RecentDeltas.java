package io.naru.admin.lease;

import io.naru.cluster.ClusterDelta;
import io.naru.cluster.ClusterImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last changes of the image, each as the delta that leads from the image before, serialised once for everyone. They are worth keeping
 * as long as they are shorter than the whole. Immutable.
 */
final class RecentDeltas {

    /** None. */
    static final RecentDeltas NONE = new RecentDeltas(List.of());

    private static final int COUNT_MAX = 500;
    private static final int BYTES_MAX = 1024 * 1024;
    private static final byte[] HEAD = "{\"deltas\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TAIL = "]}".getBytes(StandardCharsets.US_ASCII);

    private final List<Entry> entries;

    /** A delta and the version that it applies to. */
    private static final class Entry {

        private final long after;
        private final byte[] json;

        Entry(long after, byte[] json) {
            this.after = after;
            this.json = json;
        }
    }

    private RecentDeltas(List<Entry> entries) {
        this.entries = entries;
    }

    /** These and the one from {@code before} to {@code now}, without those that are too old. */
    RecentDeltas and(ClusterImage before, ClusterImage now, JsonMapper json) {
        List<Entry> all = new ArrayList<>(entries);
        all.add(new Entry(before.version(), json.writeValueAsBytes(ClusterDelta.between(before, now))));
        int from = all.size();
        long bytes = 0;
        while (from > 0 && all.size() - from < COUNT_MAX) {
            bytes += all.get(from - 1).json.length;
            if (bytes > BYTES_MAX) {
                break;
            }
            from--;
        }
        return new RecentDeltas(List.copyOf(all.subList(from, all.size())));
    }

    /** A {@link io.naru.cluster.control.ClusterUpdate} that leads from the image of that version to the last one, if all are kept. */
    Optional<byte[]> since(long version) {
        int from = 0;
        while (from < entries.size() && entries.get(from).after != version) {
            from++;
        }
        if (from == entries.size()) {
            return Optional.empty();
        }
        ByteArrayOutputStream update = new ByteArrayOutputStream();
        update.writeBytes(HEAD);
        for (int i = from; i < entries.size(); i++) {
            if (i > from) {
                update.write(',');
            }
            update.writeBytes(entries.get(i).json);
        }
        update.writeBytes(TAIL);
        return Optional.of(update.toByteArray());
    }
}
