package io.naru.gateway.read;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.format.RecordCursor;
import io.naru.gateway.format.RecordWriter;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.ResponseStream;
import io.naru.protocol.client.TopicMetadata;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One client that reads a topic. A step writes what can be read now, then the next step is begun by whatever it waits for: a fetch, the
 * client taking what was written, or new records. One step at a time, on a worker; a stream that waits holds no thread.
 *
 * <p>Followers that are at the end read what one poll brought for all of them; one that has fallen behind fetches for itself.
 */
final class TopicStream {

    private static final long RETRY_MS = 100;
    private static final int CHUNK_BYTES = 32 * 1024;
    private static final int OUT_BYTES = 512;
    private static final int FETCH_BYTES = 1024 * 1024;
    private static final int PARTITION_FETCH_BYTES = 256 * 1024;
    private static final byte[] COMMENT = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BLANK = "\n".getBytes(StandardCharsets.US_ASCII);

    private final Exchange exchange;
    private final String topic;
    private final Options options;
    private final ReadServices services;
    private final TailHub hub;
    private final RecordWriter writer;
    private final TopicPartition[] partitions;
    private final byte[][] prefixes;
    private final long[] positions;
    private final long[] ends;
    private final AtomicBoolean left = new AtomicBoolean();
    private final Runnable ender = this::close;
    private @Nullable ResponseStream stream;
    private JsonOut out = new JsonOut(OUT_BYTES);
    private long count;
    private int turn;
    private volatile boolean closing;
    private volatile @Nullable Watch watching;
    private volatile boolean quiet = true;

    /**
     * What a stream is asked to be.
     *
     * @param follow    whether it goes on after the ends
     * @param events    server-sent events instead of lines
     * @param limit     records at most
     * @param isolation which transactions are seen
     * @param formats   how records are shown
     */
    record Options(boolean follow, boolean events, long limit, Isolation isolation, RecordFormats formats) {}

    TopicStream(
            Exchange exchange,
            TopicMetadata metadata,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends,
            Options options,
            ReadServices services) {
        this.exchange = exchange;
        this.topic = metadata.name();
        this.options = options;
        this.services = services;
        this.hub = services.hub(options.isolation());
        this.writer = options.formats().writer();
        int n = metadata.partitions().size();
        partitions = new TopicPartition[n];
        prefixes = new byte[n][];
        positions = new long[n];
        this.ends = new long[n];
        for (int i = 0; i < n; i++) {
            partitions[i] = new TopicPartition(topic, i);
            prefixes[i] = RecordWriter.prefix(topic, i);
            this.ends[i] = ends.getOrDefault(partitions[i], 0L);
            long start = starts.getOrDefault(partitions[i], 0L);
            // No record is that young: the stream begins at the end.
            positions[i] = start < 0 ? this.ends[i] : start;
        }
    }

    void begin() {
        services.waiting().enter(ender);
        String type = options.events() ? MediaTypes.SSE : MediaTypes.NDJSON;
        exchange.header("Cache-Control", "no-store").header("X-Accel-Buffering", "no");
        ResponseStream begun = ResponseStream.begin(exchange, 200, type, -1, this::clientLeft);
        if (begun == null) {
            leave();
            return;
        }
        stream = begun;
        begun.flushHead();
        if (options.follow()) {
            keepAliveLater();
        }
        step();
    }

    private void again() {
        services.workers().execute(this::step);
    }

    private void step() {
        ResponseStream to = stream;
        if (to == null || to.isOver()) {
            leave();
            return;
        }
        try {
            if (closing) {
                end(to);
            } else if (to.isFull()) {
                to.whenDrained(this::again);
            } else {
                writeRecent(to);
                goOn(to);
            }
        } catch (RuntimeException e) {
            problem(to, -1, KafkaProblems.of(e));
            end(to);
        }
    }

    /** What the shared poll brought a moment ago. */
    private void writeRecent(ResponseStream to) {
        if (!options.follow()) {
            return;
        }
        for (int i = 0; i < positions.length; i++) {
            while (!enough(to)) {
                long before = positions[i];
                RecentPage page = hub.recent(partitions[i], before);
                if (page == null) {
                    break;
                }
                ends[i] = Math.max(ends[i], page.fetched().readableEnd());
                if (options.limit() == Long.MAX_VALUE) {
                    writeShared(to, i, page);
                } else {
                    write(to, i, page.fetched());
                }
                if (positions[i] == before) {
                    break;
                }
            }
        }
        flush(to);
        to.send();
    }

    private boolean enough(ResponseStream to) {
        return count >= options.limit() || to.isFull();
    }

    private void goOn(ResponseStream to) {
        if (count >= options.limit()) {
            end(to);
            return;
        }
        if (to.isFull()) {
            to.whenDrained(this::again);
            return;
        }
        Map<TopicPartition, Long> due = new LinkedHashMap<>();
        for (int k = 0; k < positions.length; k++) {
            int i = (turn + k) % positions.length;
            if (positions[i] < ends[i]) {
                due.put(partitions[i], positions[i]);
            }
        }
        turn = (turn + 1) % positions.length;
        if (!due.isEmpty()) {
            services.turns().take(() -> fetch(to, due));
        } else if (options.follow()) {
            watch();
        } else {
            end(to);
        }
    }

    private void fetch(ResponseStream to, Map<TopicPartition, Long> due) {
        services.reads()
                .fetch(due, FETCH_BYTES, PARTITION_FETCH_BYTES, options.isolation())
                .whenCompleteAsync(
                        (results, error) -> {
                            try {
                                fetched(to, error == null ? results : Map.of());
                            } finally {
                                services.turns().give();
                            }
                        },
                        services.workers());
    }

    /** Nothing at all stands for a cluster that cannot be asked: that is tried again. */
    private void fetched(ResponseStream to, Map<TopicPartition, Fetched> results) {
        boolean progress = false;
        boolean outOfRange = false;
        try {
            for (Map.Entry<TopicPartition, Fetched> result : results.entrySet()) {
                int i = result.getKey().partition();
                Fetched fetched = result.getValue();
                if (fetched.error() == Errors.NONE) {
                    long before = positions[i];
                    if (!enough(to)) {
                        write(to, i, fetched);
                    }
                    progress |= positions[i] > before;
                } else if (fetched.error() == Errors.OFFSET_OUT_OF_RANGE) {
                    outOfRange = true;
                } else if (!PartitionReads.passes(fetched.error())) {
                    problem(to, i, KafkaProblems.of(fetched.error(), null));
                    end(to);
                    return;
                }
            }
            flush(to);
        } catch (RuntimeException e) {
            problem(to, -1, KafkaProblems.of(e));
            end(to);
            return;
        }
        if (outOfRange) {
            jump(to);
        } else if (progress) {
            again();
        } else {
            services.timer().newTimeout(t -> again(), RETRY_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void write(ResponseStream to, int i, Fetched fetched) {
        RecordCursor cursor = fetched.cursor(positions[i]);
        out.expect(Math.min(CHUNK_BYTES + 4096, 2 * fetched.records().sizeInBytes()));
        while (cursor.next()) {
            if (!options.follow() && cursor.offset() >= ends[i]) {
                positions[i] = ends[i];
                return;
            }
            line(i, cursor);
            if (out.length() >= CHUNK_BYTES) {
                flush(to);
                out.expect(CHUNK_BYTES + 4096);
            }
            if (enough(to)) {
                return;
            }
        }
        positions[i] = Math.max(positions[i], cursor.nextOffset());
    }

    private void line(int i, RecordCursor cursor) {
        positions[i] = cursor.offset() + 1;
        if (options.events()) {
            out.ascii("id: ");
            StreamPositions.write(out, positions);
            out.ascii("\ndata: ");
        }
        writer.write(out, prefixes[i], cursor);
        out.ascii(options.events() ? "\n\n" : "\n");
        count++;
    }

    /**
     * Whoever comes to a page first turns it into text, for all who are at the same place and want the same form. In pieces: one that is
     * on its way to a slow client stays in memory as a whole.
     */
    private void writeShared(ResponseStream to, int i, RecentPage page) {
        flush(to);
        RecentPage.Place place = options.events()
                ? new RecentPage.Place(true, options.formats(), positions.clone())
                : new RecentPage.Place(false, options.formats(), positions[i]);
        RecentPage.Lines lines = page.lines(place);
        if (lines == null) {
            lines = piece(i, page);
            page.leave(place, lines);
        }
        if (lines.text().length > 0) {
            quiet = false;
            to.add(lines.text(), 0, lines.text().length);
        }
        positions[i] = lines.next();
        count += lines.records();
    }

    private RecentPage.Lines piece(int i, RecentPage page) {
        long before = count;
        RecordCursor cursor = page.fetched().cursor(positions[i]);
        boolean more = true;
        while (out.length() < CHUNK_BYTES && more) {
            more = cursor.next();
            if (more) {
                line(i, cursor);
            }
        }
        long next = more ? positions[i] : Math.max(positions[i], cursor.nextOffset());
        RecentPage.Lines made = new RecentPage.Lines(Arrays.copyOf(out.array(), out.length()), next, count - before);
        count = before;
        out.clear();
        return made;
    }

    private void flush(ResponseStream to) {
        if (out.length() > 0) {
            quiet = false;
            to.write(out.array(), 0, out.length());
            out = new JsonOut(OUT_BYTES);
        }
    }

    /** Waits for new records. */
    private void watch() {
        if (out.array().length > OUT_BYTES) {
            out = new JsonOut(OUT_BYTES); // who waits holds no large buffer: they are many
        }
        Map<TopicPartition, Long> at = new HashMap<>();
        for (int i = 0; i < positions.length; i++) {
            at.put(partitions[i], positions[i]);
        }
        Watch begun = hub.watch(at, () -> services.workers().execute(this::woken));
        watching = begun;
        if (closing || left.get()) {
            unwatch(begun);
        }
    }

    private void woken() {
        for (int i = 0; i < positions.length; i++) {
            ends[i] = Math.max(ends[i], hub.knownEnd(partitions[i]));
        }
        step();
    }

    /** Some position is not in its log: retention has deleted what comes next, or the log was cut. Says so and goes on where there is something. */
    private void jump(ResponseStream to) {
        Map<TopicPartition, Long> earliest = new HashMap<>();
        Map<TopicPartition, Long> latest = new HashMap<>();
        for (TopicPartition partition : partitions) {
            earliest.put(partition, PartitionReads.EARLIEST);
            latest.put(partition, PartitionReads.LATEST);
        }
        services.reads()
                .offsets(earliest, options.isolation())
                .thenCombine(services.reads().offsets(latest, options.isolation()), (starts, newEnds) -> {
                    for (int i = 0; i < positions.length; i++) {
                        long start = starts.getOrDefault(partitions[i], 0L);
                        long end = newEnds.getOrDefault(partitions[i], 0L);
                        if (positions[i] < start) {
                            problem(to, i, OutOfRange.gone(partitions[i], positions[i], start));
                            positions[i] = start;
                        } else if (positions[i] > end) {
                            problem(to, i, cut(partitions[i], positions[i], end));
                            positions[i] = end;
                            ends[i] = end;
                        }
                    }
                    return true;
                })
                .whenComplete((done, error) ->
                        services.timer().newTimeout(t -> again(), error == null ? 0 : RETRY_MS, TimeUnit.MILLISECONDS));
    }

    private static Problem cut(TopicPartition partition, long position, long end) {
        return Problem.of(
                        ProblemKind.OFFSET_BEYOND_END,
                        "offset " + position + " is beyond the end of " + partition + ", which is " + end
                                + "; the stream goes on from there")
                .with("end_offset", end);
    }

    /** An entry in the place of records that cannot be had. */
    private void problem(ResponseStream to, int partition, Problem problem) {
        out.ascii(options.events() ? "event: problem\ndata: " : "");
        out.ascii("{\"topic\":").string(topic);
        if (partition >= 0) {
            out.ascii(",\"partition\":").number(partition);
        }
        out.ascii(",\"error\":");
        problem.write(out, 0);
        out.ascii(options.events() ? "}\n\n" : "}\n");
        flush(to);
    }

    private void keepAliveLater() {
        services.timer()
                .newTimeout(
                        t -> {
                            ResponseStream to = stream;
                            if (to == null || to.isOver() || left.get()) {
                                return;
                            }
                            if (quiet) {
                                byte[] sign = options.events() ? COMMENT : BLANK;
                                to.write(sign, 0, sign.length);
                            }
                            quiet = true;
                            keepAliveLater();
                        },
                        services.properties().keepAlive().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void end(ResponseStream to) {
        if (closing && options.events()) {
            out.ascii("event: closing\ndata: {}\n\n");
        }
        flush(to);
        to.finish();
        leave();
    }

    /** The gateway stops. */
    private void close() {
        closing = true;
        Watch current = watching;
        if (current != null) {
            unwatch(current);
        }
    }

    private void unwatch(Watch current) {
        if (current.cancel()) {
            again();
        }
    }

    private void clientLeft() {
        Watch current = watching;
        if (current != null) {
            current.cancel();
        }
        leave();
    }

    private void leave() {
        if (left.compareAndSet(false, true)) {
            services.waiting().leave(ender);
        }
    }
}
