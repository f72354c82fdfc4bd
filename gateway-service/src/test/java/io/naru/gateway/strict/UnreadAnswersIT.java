package io.naru.gateway.strict;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.fake.FakeBroker;
import io.naru.gateway.fake.RunningGateway;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A client that sends requests and never takes an answer holds up nobody else: answers are given on event loops. */
class UnreadAnswersIT {

    private static final String REQUEST =
            "POST /v1/topics/t/records HTTP/1.1\r\nHost: me\r\nContent-Length: 1\r\n\r\nx";
    private static final int STUCK_CALLS = 200;
    private static final int CALLS_MAX = 100_000;

    @Test
    void whoNeverReadsAnswersStopsNobodyElse() throws IOException {
        try (FakeBroker broker = FakeBroker.withTopic("t", 1);
                RunningGateway gateway = RunningGateway.start(broker.bootstrap());
                SocketChannel silent = SocketChannel.open()) {
            silent.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
            silent.connect(new InetSocketAddress("127.0.0.1", gateway.port()));
            silent.configureBlocking(false);
            ByteBuffer requests = ByteBuffer.wrap(REQUEST.repeat(500).getBytes(StandardCharsets.US_ASCII));
            HttpRequest other = HttpRequest.newBuilder(gateway.uri("/v1/topics/t/records"))
                    .POST(HttpRequest.BodyPublishers.ofString("y"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            int stuck = 0;
            for (int call = 0; call < CALLS_MAX && stuck < STUCK_CALLS; call++) {
                if (!requests.hasRemaining()) {
                    requests.clear();
                }
                stuck = silent.write(requests) == 0 ? stuck + 1 : 0;
                assertThat(gateway.send(other).statusCode()).isEqualTo(201);
            }
            assertThat(stuck).as("the silent client was never stuck").isEqualTo(STUCK_CALLS);
        }
    }
}
