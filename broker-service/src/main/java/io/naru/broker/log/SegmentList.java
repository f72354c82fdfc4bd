package io.naru.broker.log;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The segments of a log in order of offset; immutable, so readers need no lock. There is always one at least, the active one. */
final class SegmentList {

    private final LogSegment[] segments;

    SegmentList(List<LogSegment> segments) {
        this(segments.toArray(LogSegment[]::new));
    }

    private SegmentList(LogSegment[] segments) {
        if (segments.length == 0) {
            throw new IllegalArgumentException("a log has one segment at least");
        }
        this.segments = segments;
    }

    LogSegment first() {
        return segments[0];
    }

    LogSegment active() {
        return segments[segments.length - 1];
    }

    int count() {
        return segments.length;
    }

    /** The last segment whose base offset is at or below {@code offset}; null below the first. */
    @Nullable
    LogSegment floor(long offset) {
        int found = floorIndex(offset);
        return found < 0 ? null : segments[found];
    }

    /** The segment after the one that begins at {@code baseOffset}; null after the last. */
    @Nullable
    LogSegment after(long baseOffset) {
        int next = floorIndex(baseOffset) + 1;
        return next < segments.length ? segments[next] : null;
    }

    /** Segments from the one that holds {@code offset} on. */
    List<LogSegment> from(long offset) {
        return Arrays.asList(segments).subList(Math.max(0, floorIndex(offset)), segments.length);
    }

    List<LogSegment> all() {
        return Arrays.asList(segments);
    }

    SegmentList withActive(LogSegment active) {
        LogSegment[] more = Arrays.copyOf(segments, segments.length + 1);
        more[segments.length] = active;
        return new SegmentList(more);
    }

    SegmentList without(List<LogSegment> removed) {
        return new SegmentList(Arrays.stream(segments)
                .filter(segment -> !removed.contains(segment))
                .toArray(LogSegment[]::new));
    }

    /** With {@code fresh} in the place of {@code replaced}. */
    SegmentList with(LogSegment fresh, List<LogSegment> replaced) {
        return new SegmentList(Stream.concat(Stream.of(fresh), Arrays.stream(segments))
                .filter(segment -> !replaced.contains(segment))
                .sorted(Comparator.comparingLong(LogSegment::baseOffset))
                .toArray(LogSegment[]::new));
    }

    long sizeInBytes() {
        long bytes = 0;
        for (LogSegment segment : segments) {
            bytes += segment.size();
        }
        return bytes;
    }

    private int floorIndex(long offset) {
        int low = 0;
        int high = segments.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (segments[middle].baseOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }
}
