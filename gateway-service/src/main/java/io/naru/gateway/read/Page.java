package io.naru.gateway.read;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.format.RecordCursor;
import io.naru.gateway.format.RecordWriter;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * A page in the making: start offset → fetch → JSON on a worker → fetch again until the page is full or the partition's end is reached →
 * answer. One thread at a time; the next step is begun by the last.
 *
 * <p>A page that is full, or that ends at {@code until}, can never change: it has an ETag and may be cached for ever.
 */
final class Page {

    private static final int SMALL_PAGE = 100;
    private static final int FETCH_BYTES_MIN = 64 * 1024;
    private static final int RECORD_BYTES_GUESS = 256;
    /** What a record costs in a batch beside its own bytes. */
    private static final int BATCH_SHARE_BYTES = 16;

    private final Exchange exchange;
    private final PageRequest request;
    private final ReadServices services;
    private final TopicPartition partition;
    private final RecordWriter writer;
    private final byte[] prefix;
    private final JsonOut out = new JsonOut(4096);
    private long waitUntilNanos;
    private long first;
    private long next;
    private long highWatermark;
    private int count;
    private long bytes;
    private boolean full;
    private int reserved;

    Page(Exchange exchange, PageRequest request, ReadServices services) {
        this.exchange = exchange;
        this.request = request;
        this.services = services;
        this.partition = request.partition();
        this.writer = request.formats().writer();
        this.prefix = RecordWriter.prefix(partition.topic(), partition.partition());
    }

    void begin() {
        waitUntilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(request.waitMs());
        switch (request.start()) {
            case OFFSET -> read(request.from());
            case EARLIEST -> ask(PartitionReads.EARLIEST);
            case TIMESTAMP -> ask(request.from());
            case TAIL -> ask(PartitionReads.LATEST);
        }
    }

    /** Turns a time into an offset. */
    private void ask(long time) {
        services.reads().offsets(Map.of(partition, time), request.isolation()).whenComplete((found, error) -> {
            if (error != null) {
                exchange.fail(error);
                return;
            }
            long offset = found.getOrDefault(partition, -1L);
            if (offset < 0) {
                // Nothing is that young: the page begins where the next record will be.
                ask(PartitionReads.LATEST);
            } else if (request.start() == PageRequest.Start.TAIL) {
                tail(offset);
            } else {
                read(offset);
            }
        });
    }

    private void tail(long end) {
        services.reads()
                .offsets(Map.of(partition, PartitionReads.EARLIEST), request.isolation())
                .whenComplete((found, error) -> {
                    if (error != null) {
                        exchange.fail(error);
                    } else {
                        read(Math.max(found.getOrDefault(partition, 0L), end - Math.min(end, request.from())));
                    }
                });
    }

    private void read(long offset) {
        first = offset;
        next = offset;
        out.ascii(request.ndjson() ? "" : "[");
        fetch();
    }

    private void fetch() {
        RecentPage recent = services.hub(request.isolation()).recent(partition, next);
        if (recent != null) {
            services.workers().execute(() -> take(recent.fetched()));
            return;
        }
        int size = fetchBytes();
        services.reads()
                .fetch(partition, next, size, request.isolation())
                .whenCompleteAsync(
                        (fetched, error) -> {
                            if (error != null) {
                                exchange.fail(error);
                            } else {
                                take(fetched);
                            }
                        },
                        services.workers());
    }

    /** What the page still takes, by its bytes and by its records; a little more than needed saves a second fetch. */
    private int fetchBytes() {
        long wanted = Math.min(request.maxBytes() - bytes, (request.limit() - count) * recordBytes()) + 4096;
        return (int) Math.min(
                Math.max(FETCH_BYTES_MIN, wanted),
                services.properties().fetchSize().toBytes());
    }

    /** How long records are, as far as is known. */
    private long recordBytes() {
        return count == 0 ? RECORD_BYTES_GUESS : bytes / count + BATCH_SHARE_BYTES;
    }

    private void take(Fetched fetched) {
        try {
            if (fetched.error() == Errors.OFFSET_OUT_OF_RANGE) {
                OutOfRange.answer(exchange, services.reads(), partition, next, request.isolation());
                return;
            }
            if (fetched.error() != Errors.NONE) {
                exchange.fail(KafkaProblems.of(fetched.error(), null));
                return;
            }
            highWatermark = fetched.highWatermark();
            long before = next;
            write(fetched);
            int more = out.length() - reserved;
            reserved += more;
            if (!exchange.reserve(services.memory(), more)) {
                exchange.fail(Problem.passing(
                        ProblemKind.OVERLOADED,
                        "the gateway makes as many pages as it may (naru.gateway.read.memory); retry"));
                return;
            }
            boolean hasMore = next < fetched.readableEnd() && next > before;
            if (full || next >= request.until()) {
                answer(true);
            } else if (hasMore) {
                fetch();
            } else if (count > 0 || !waits()) {
                answer(false);
            }
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
    }

    private void write(Fetched fetched) {
        if (request.limit() > SMALL_PAGE) {
            // What stands around a record's own bytes is about as long as they are, in records of a hundred bytes or
            // so.
            long fits = Math.min(request.maxBytes() - bytes, (request.limit() - count) * recordBytes());
            out.expect((int) (2 * Math.min(fits, fetched.records().sizeInBytes())));
        }
        RecordCursor cursor = fetched.cursor(next);
        while (cursor.next()) {
            if (cursor.offset() >= request.until()) {
                next = request.until();
                return;
            }
            int size = cursor.payloadSize();
            if (count > 0 && bytes + size > request.maxBytes()) {
                full = true;
                return;
            }
            if (request.ndjson()) {
                writer.write(out, prefix, cursor);
                out.put('\n');
            } else {
                out.ascii(count == 0 ? "\n" : ",\n");
                writer.write(out, prefix, cursor);
            }
            count++;
            bytes += size;
            next = cursor.offset() + 1;
            if (count == request.limit()) {
                full = true;
                return;
            }
        }
        next = Math.max(next, cursor.nextOffset());
    }

    /** Waits for a first record; false when there is no time left to. */
    private boolean waits() {
        long left = waitUntilNanos - System.nanoTime();
        if (request.waitMs() == 0 || left <= 0) {
            return false;
        }
        services.waiting().await(services.hub(request.isolation()), Map.of(partition, next), left, woken -> {
            if (woken) {
                fetch();
            } else {
                answer(false);
            }
        });
        return true;
    }

    private void answer(boolean closed) {
        out.ascii(request.ndjson() ? "" : count == 0 ? "]\n" : "\n]\n");
        String path = "/v1/topics/" + partition.topic() + "/partitions/" + partition.partition() + "/records";
        exchange.header("Link", "<" + path + "?offset=" + next + parameters() + ">; rel=\"next\"");
        exchange.header("Naru-Next-Offset", Long.toString(next));
        exchange.header("Naru-High-Watermark", Long.toString(highWatermark));
        String type = request.ndjson() ? MediaTypes.NDJSON : MediaTypes.JSON;
        exchange.header("Vary", "Accept");
        if (closed && request.start() == PageRequest.Start.OFFSET) {
            String etag = etag();
            exchange.header("ETag", etag);
            exchange.header("Cache-Control", "public, max-age=31536000, immutable");
            if (etag.equals(exchange.request().getHeader("If-None-Match"))) {
                exchange.answer(304);
                return;
            }
        }
        exchange.answer(200, type, out);
    }

    private String etag() {
        return "\"" + partition.partition() + "-" + first + "-" + next + "-" + count + "-"
                + request.formats().key() + "-" + request.formats().value() + (request.ndjson() ? "-l\"" : "\"");
    }

    /** What the next page is to have in common with this one. */
    private String parameters() {
        StringBuilder text = new StringBuilder();
        for (String name :
                new String[] {"limit", "max_bytes", "wait", "until", "isolation", "key_format", "value_format"}) {
            String value = exchange.query().text(name);
            if (value != null) {
                text.append('&').append(name).append('=').append(value);
            }
        }
        return text.toString();
    }
}
