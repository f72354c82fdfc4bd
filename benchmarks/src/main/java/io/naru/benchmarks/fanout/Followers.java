package io.naru.benchmarks.fanout;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Many connections that follow a topic, read by one thread. What they have read may be looked at when that thread has ended. */
final class Followers implements AutoCloseable {

    private static final int READ_BYTES = 256 * 1024;
    private static final int SELECT_MS = 50;

    private final Selector selector = Selector.open();
    private final List<SocketChannel> sockets = new ArrayList<>();
    private final List<EventReader> readers = new ArrayList<>();
    private final LatencyHistogram latencies = new LatencyHistogram();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final AtomicLong records = new AtomicLong();
    private long closed;

    /** Opens {@code count} connections and asks on each for everything that the topic has and will have. */
    Followers(URI gateway, String topic, int count) throws IOException {
        byte[] request = ("GET /v1/topics/" + topic + "/records?from=earliest&follow=true HTTP/1.1\r\nHost: "
                        + gateway.getAuthority() + "\r\nAccept: text/event-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            SocketChannel socket = SocketChannel.open(new InetSocketAddress(gateway.getHost(), gateway.getPort()));
            sockets.add(socket);
            socket.write(ByteBuffer.wrap(request));
            socket.configureBlocking(false);
            EventReader reader = new EventReader(latencies);
            readers.add(reader);
            socket.register(selector, SelectionKey.OP_READ, reader);
        }
    }

    /** Reads until there is nothing more to do, by the calling thread. */
    void readUntil(BooleanSupplier done) throws IOException {
        while (!done.getAsBoolean()) {
            selector.select(SELECT_MS);
            long now = System.nanoTime();
            for (SelectionKey key : selector.selectedKeys()) {
                read(key, now);
            }
            selector.selectedKeys().clear();
        }
    }

    private void read(SelectionKey key, long now) throws IOException {
        SocketChannel socket = (SocketChannel) key.channel();
        EventReader reader = (EventReader) key.attachment();
        buffer.clear();
        if (socket.read(buffer) < 0) {
            key.cancel();
            closed++;
            return;
        }
        long before = reader.records();
        reader.read(buffer.flip(), now);
        records.addAndGet(reader.records() - before);
    }

    /** Whether every connection has the head of its answer. */
    boolean areOpen() {
        return readers.stream().allMatch(EventReader::isOpen);
    }

    /** Records read by all of them. */
    long records() {
        return records.get();
    }

    /** Records that were not the next of their connection. */
    long wrong() {
        return readers.stream().mapToLong(EventReader::wrong).sum();
    }

    /** The fewest that a connection has read. */
    long fewest() {
        return readers.stream().mapToLong(EventReader::records).min().orElse(0);
    }

    /** Connections that the gateway has ended. */
    long ended() {
        return closed;
    }

    /** From a record's producer to its reader. */
    LatencyHistogram latencies() {
        return latencies;
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel socket : sockets) {
            socket.close();
        }
        selector.close();
    }
}
