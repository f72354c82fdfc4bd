package io.naru.gateway.produce;

import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import java.io.IOException;
import java.util.List;

/**
 * {@code application/x-ndjson}: one envelope per line, one answer per line, in order. A short body is read whole and answered whole; a
 * long or endless one streams both ways ({@code NdjsonStream}).
 */
public final class NdjsonProduce {

    private static final List<String> OF_ONE_RECORD =
            List.of(IdempotencyKey.HEADER, IfMatch.HEADER, "Producer-Id", "Producer-Epoch", "Producer-Seq");
    private static final int WHOLE_BYTES_MAX = 256 * 1024;

    private final WriteServices services;

    /** A factory of streams. */
    public NdjsonProduce(WriteServices services) {
        this.services = services;
    }

    /**
     * Answers a request.
     *
     * @param partition where records go that name none, or −1
     */
    void handle(Exchange exchange, String topicName, Acks acks, int partition) throws IOException {
        MediaTypes.requireUtf8(exchange.request());
        BodyReader.refuseEncodings(exchange.request());
        for (String name : OF_ONE_RECORD) {
            if (exchange.request().getHeader(name) != null) {
                throw Problem.of(
                                ProblemKind.BAD_PARAMETER,
                                name + " goes with one record; application/x-ndjson may be many. Send it by itself")
                        .exception();
            }
        }
        TopicState topic = services.directory().known(topicName);
        if (topic != null) {
            start(exchange, topic, acks, partition);
            return;
        }
        exchange.suspend();
        services.directory()
                .find(topicName)
                .whenCompleteAsync(
                        (found, error) -> {
                            if (error != null) {
                                exchange.fail(error);
                                return;
                            }
                            try {
                                start(exchange, found, acks, partition);
                            } catch (IOException | RuntimeException e) {
                                exchange.fail(e);
                            }
                        },
                        services.workers());
    }

    private void start(Exchange exchange, TopicState topic, Acks acks, int partition) throws IOException {
        NdjsonStream stream = new NdjsonStream(exchange, topic, acks, partition, services);
        long length = exchange.request().getContentLengthLong();
        if (length >= 0
                && length
                        <= Math.min(
                                WHOLE_BYTES_MAX, services.limits().bodySize().toBytes())) {
            services.bodies().read(exchange, stream::whole);
        } else {
            exchange.suspend();
            stream.begin();
        }
    }
}
