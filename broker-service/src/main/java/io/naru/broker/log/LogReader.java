package io.naru.broker.log;

import io.naru.broker.log.ReadCheck.Crcs;
import io.naru.protocol.record.FileSlice;
import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/** The read paths of one log. No lock: each read takes the published end first and looks only at what lies below it. */
final class LogReader {

    private final LogState log;
    private final RecentEnds recentEnds;
    private final ReadCheck check;

    LogReader(LogState log) {
        this.log = log;
        this.recentEnds = log.recentEnds();
        this.check = new ReadCheck(log);
    }

    /** @param everyCrc whether all that is handed out is checked, or the reader checks CRCs */
    LogRead read(long startOffset, int maxBytes, boolean minOneBatch, long upperBoundOffset, boolean everyCrc) {
        LogEnd end = log.end();
        long logStartOffset = log.logStartOffset();
        if (startOffset < logStartOffset || startOffset > end.offset()) {
            throw new LogOffsetOutOfRangeException(startOffset, logStartOffset, end.offset());
        }
        Request request = new Request(
                startOffset,
                maxBytes,
                minOneBatch,
                Math.min(upperBoundOffset, end.offset()),
                end,
                logStartOffset,
                everyCrc);
        SegmentList before = log.segments();
        try {
            return startOffset >= request.bound() ? nothing(request, end.segment(), end.position()) : find(request);
        } catch (IOException e) {
            if (startOffset < log.logStartOffset()) { // retention was faster
                throw new LogOffsetOutOfRangeException(startOffset, log.logStartOffset(), end.offset());
            }
            if (log.segments() != before || DiskErrors.wasClosedUnused(e)) { // compaction was, or the upkeep
                return read(startOffset, maxBytes, minOneBatch, upperBoundOffset, everyCrc);
            }
            throw log.ioError("read at offset " + startOffset, e);
        }
    }

    private record Request(
            long startOffset,
            int maxBytes,
            boolean minOneBatch,
            long bound,
            LogEnd end,
            long logStartOffset,
            boolean everyCrc) {}

    private LogRead find(Request request) throws IOException {
        SegmentList segments = log.segments();
        LogSegment segment = segments.floor(request.startOffset());
        if (segment == null) {
            if (request.startOffset() < log.logStartOffset()) { // retention was faster
                throw new LogOffsetOutOfRangeException(
                        request.startOffset(),
                        log.logStartOffset(),
                        request.end().offset());
            }
            segment = segments.first(); // compaction, or the leader's, took what was before
        }
        while (segment != null) {
            LogEnd recent = recentEnds.find(request.startOffset());
            if (recent != null && recent.segment() == segment && recent.position() < segment.size()) {
                return slice(request, segments, segment, recent.position(), null);
            }
            BatchPosition first = findWhole(segment, request.startOffset());
            if (first != null) {
                return slice(request, segments, segment, first.position(), first);
            }
            segment = segments.after(segment.baseOffset()); // the offset lies in a gap at the end of its segment
        }
        return nothing(request, request.end().segment(), request.end().position());
    }

    private @Nullable BatchPosition findWhole(LogSegment segment, long offset) throws IOException {
        try {
            return segment.findWhole(offset);
        } catch (DamagedBatchException e) {
            if (log.segments().all().contains(segment)) {
                log.damaged(e.damage());
            }
            throw e;
        }
    }

    /** @param found the first batch, when it was looked for; else it was appended a moment ago */
    private LogRead slice(
            Request request, SegmentList segments, LogSegment segment, int from, @Nullable BatchPosition found)
            throws IOException {
        int available = boundPosition(request, segments, segment) - from;
        if (available <= 0) {
            return nothing(request, segment, from);
        }
        int bytes = Math.min(Math.max(request.maxBytes(), 0), available);
        if (bytes < available) {
            int first = found != null ? found.size() : firstBatchSize(segment, from);
            if (bytes < first) {
                if (!request.minOneBatch()) {
                    return nothing(request, segment, from);
                }
                bytes = Math.min(first, available);
            }
        }
        bytes = found == null
                ? check.good(segment, from, bytes, request.startOffset(), Crcs.NONE)
                : check.good(segment, from, bytes, found.expectedOffset(), request.everyCrc() ? Crcs.ALL : Crcs.FIRST);
        return new LogRead(
                request.startOffset(),
                segment.baseOffset(),
                from,
                request.logStartOffset(),
                request.end().offset(),
                sliceOf(segment, from, bytes));
    }

    /** {@code sendfile} does not say why it ended early, so such bytes are read once more when there is time. */
    private FileSlice sliceOf(LogSegment segment, int from, int bytes) throws IOException {
        return segment.slice(from, bytes, () -> log.cutShort(segment, from, bytes));
    }

    private static int firstBatchSize(LogSegment segment, int position) throws IOException {
        SegmentScanner batch = segment.scan(position, SegmentScanner.LOOKUP_CHUNK);
        batch.next();
        return batch.size();
    }

    /** Position in {@code segment} at which what may be seen ends. */
    private int boundPosition(Request request, SegmentList segments, LogSegment segment) throws IOException {
        LogEnd end = request.end();
        if (segment == end.segment() && request.bound() == end.offset()) {
            return end.position();
        }
        LogSegment next = segments.after(segment.baseOffset());
        if (next != null && next.baseOffset() <= request.bound()) {
            return segment.size();
        }
        LogEnd recent = recentEnds.find(request.bound());
        if (recent != null && recent.segment() == segment) {
            return recent.position();
        }
        int limit = segment == end.segment() ? end.position() : segment.size();
        BatchPosition hidden = segment.find(request.bound());
        return hidden == null ? limit : Math.min(hidden.position(), limit);
    }

    private static LogRead nothing(Request request, LogSegment segment, int position) {
        return new LogRead(
                request.startOffset(),
                segment.baseOffset(),
                position,
                request.logStartOffset(),
                request.end().offset(),
                MemoryRecords.EMPTY);
    }

    Optional<TimestampAndOffset> offsetForTimestamp(long timestamp) {
        LogEnd end = log.end();
        SegmentList before = log.segments();
        try {
            for (LogSegment segment : log.segments().from(log.logStartOffset())) {
                if (segment.indexes().largest().timestamp() >= timestamp) {
                    TimestampAndOffset found = firstAtOrAfter(segment, timestamp, end);
                    if (found != null) {
                        return Optional.of(found);
                    }
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            if (log.segments() != before) {
                return offsetForTimestamp(timestamp);
            }
            throw log.ioError("timestamp search", e);
        }
    }

    Optional<TimestampAndOffset> maxTimestamp() {
        LogEnd end = log.end();
        SegmentList before = log.segments();
        long logStartOffset = log.logStartOffset();
        try {
            long largest = -1;
            LogSegment holder = null;
            for (LogSegment segment : log.segments().from(logStartOffset)) {
                long candidate = segment.baseOffset() >= logStartOffset
                        ? segment.indexes().largest().timestamp()
                        : largestFrom(segment, logStartOffset, end);
                if (candidate > largest) {
                    largest = candidate;
                    holder = segment;
                }
            }
            return holder == null ? Optional.empty() : Optional.ofNullable(firstAtOrAfter(holder, largest, end));
        } catch (IOException e) {
            if (log.segments() != before) {
                return maxTimestamp();
            }
            throw log.ioError("timestamp search", e);
        }
    }

    /** Largest timestamp of the records from {@code offset} on in a segment that begins below. */
    private static long largestFrom(LogSegment segment, long offset, LogEnd end) throws IOException {
        BatchPosition first = segment.find(offset);
        if (first == null) {
            return -1;
        }
        long largest = -1;
        SegmentScanner batches = segment.scan(first.position(), SegmentScanner.LOOKUP_CHUNK);
        while (batches.next() && batches.baseOffset() < end.offset()) {
            if (batches.baseOffset() >= offset) {
                largest = Math.max(largest, batches.maxTimestamp());
                continue;
            }
            for (Record record : load(segment, batches)) {
                largest = record.offset() >= offset ? Math.max(largest, record.timestamp()) : largest;
            }
        }
        return largest;
    }

    private static Iterable<Record> load(LogSegment segment, SegmentScanner batch) throws IOException {
        return segment.slice(batch.position(), batch.size()).load().records();
    }

    private @Nullable TimestampAndOffset firstAtOrAfter(LogSegment segment, long timestamp, LogEnd end)
            throws IOException {
        long logStartOffset = log.logStartOffset();
        long from = Math.max(segment.startForTimestamp(timestamp), logStartOffset);
        BatchPosition first = segment.find(from);
        if (first == null) {
            return null;
        }
        SegmentScanner batches = segment.scan(first.position(), SegmentScanner.LOOKUP_CHUNK);
        while (batches.next() && batches.baseOffset() < end.offset()) {
            if (batches.maxTimestamp() < timestamp) {
                continue;
            }
            for (Record record : load(segment, batches)) {
                if (record.timestamp() >= timestamp && record.offset() >= logStartOffset) {
                    return new TimestampAndOffset(record.timestamp(), record.offset());
                }
            }
        }
        return null;
    }
}
