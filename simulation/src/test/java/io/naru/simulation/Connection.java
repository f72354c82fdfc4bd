package io.naru.simulation;

import io.naru.protocol.record.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a node, as Kafka's protocol uses TCP: requests are handled and answered in order; it breaks as a whole. What was under
 * way when it broke may be handled all the same. Messages cross it as bytes.
 */
final class Connection {

    private final Network network;
    private final SimulatedProcess client;
    private final String clientId;
    private final String serverName;
    private final Supplier<? extends @Nullable KafkaNode> server;
    private final Network.Lane there = new Network.Lane();
    private final Network.Lane back = new Network.Lane();
    private final Set<Slot> inFlight = new LinkedHashSet<>();
    private final Deque<Slot> answers = new ArrayDeque<>();
    private @Nullable KafkaNode peer;
    private boolean closed;

    private static final class Slot {
        private final ApiKeys api;
        private final short version;
        private final CompletableFuture<ApiMessage> future;
        private @Nullable ApiMessage answer;

        Slot(ApiKeys api, short version, CompletableFuture<ApiMessage> future) {
            this.api = api;
            this.version = version;
            this.future = future;
        }
    }

    Connection(
            Network network,
            SimulatedProcess client,
            String clientId,
            String serverName,
            Supplier<? extends @Nullable KafkaNode> server) {
        this.network = network;
        this.client = client;
        this.clientId = clientId;
        this.serverName = serverName;
        this.server = server;
    }

    boolean closed() {
        return closed;
    }

    /** Sends a request; completes in an event of the client, and fails when the connection breaks. */
    CompletableFuture<ApiMessage> send(ApiKeys api, short version, ApiMessage request, long timeoutMs) {
        CompletableFuture<ApiMessage> future = new CompletableFuture<>();
        if (closed) {
            future.completeExceptionally(new IOException("the connection to " + serverName + " is closed"));
            return future;
        }
        ByteBuffer bytes = MessageUtil.toByteBufferAccessor(request, version).buffer();
        Slot slot = new Slot(api, version, future);
        inFlight.add(slot);
        network.send(client.name(), serverName, there, () -> arrived(bytes, slot));
        client.afterMs(timeoutMs, () -> {
            if (!future.isDone()) {
                close();
            }
        });
        return future;
    }

    /** Breaks it: all that waits for an answer fails. */
    void close() {
        closed = true;
        List<Slot> failed = new ArrayList<>(inFlight);
        inFlight.clear();
        failed.forEach(slot ->
                slot.future.completeExceptionally(new IOException("the connection to " + serverName + " broke")));
    }

    /** The server's end is gone, and its machine says so. */
    void reset() {
        network.send(serverName, client.name(), back, () -> client.execute(this::close));
    }

    private void arrived(ByteBuffer bytes, Slot slot) {
        if (closed && network.toss(client.name(), serverName)) {
            return;
        }
        KafkaNode now = server.get();
        if (now == null || !now.process().alive() || (peer != null && peer != now)) {
            reset();
            return;
        }
        if (peer == null) {
            peer = now;
            now.accepted(this);
        }
        now.process().execute(() -> handle(now, bytes, slot));
    }

    private void handle(KafkaNode node, ByteBuffer bytes, Slot slot) {
        answers.add(slot);
        ApiMessage request = slot.api.messageType.newRequest();
        request.read(new ByteBufferAccessor(bytes), slot.version);
        node.handle(slot.api, slot.version, request, clientId).whenComplete((answer, error) -> {
            if (answer == null) {
                reset();
            } else {
                slot.answer = answer;
                flush(node);
            }
        });
    }

    private void flush(KafkaNode node) {
        while (!answers.isEmpty()
                && answers.peek().answer != null
                && node.process().alive()) {
            Slot slot = answers.remove();
            ByteBuffer bytes;
            try {
                bytes = MessageUtil.toByteBufferAccessor(loaded(slot.answer), slot.version)
                        .buffer();
            } catch (IOException e) {
                reset(); // its segment has gone
                return;
            }
            network.send(serverName, client.name(), back, () -> client.execute(() -> answered(slot, bytes)));
        }
    }

    private static ApiMessage loaded(ApiMessage answer) throws IOException {
        if (answer instanceof FetchResponseData fetched) {
            for (FetchResponseData.FetchableTopicResponse topic : fetched.responses()) {
                for (FetchResponseData.PartitionData partition : topic.partitions()) {
                    if (partition.records() instanceof FileSlice slice) {
                        partition.setRecords(slice.load());
                    }
                }
            }
        }
        return answer;
    }

    private void answered(Slot slot, ByteBuffer bytes) {
        if (inFlight.remove(slot)) {
            ApiMessage answer = slot.api.messageType.newResponse();
            answer.read(new ByteBufferAccessor(bytes), slot.version);
            slot.future.complete(answer);
        }
    }
}
