package io.naru.gateway.produce;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Writing.
 *
 * @param batchSize        records of one partition are sent in batches of about this size; a larger record makes a batch of its own
 * @param requestSize      how much goes to a broker in one request
 * @param bufferMemory     memory for records that wait to be sent or acknowledged; beyond it 503
 * @param retryFor         how long a write that certainly did not happen is tried again, for instance while a leader is elected
 * @param deliveryTimeout  how long a write is tried again whose fate is unknown; after it the answer says so
 * @param ackTimeout       how long a broker may wait for its followers in one attempt
 * @param slowAfter        a broker that has not answered for so long is sent further requests over further connections
 * @param connections      connections per broker for writing
 * @param trace            whether {@code traceparent} and {@code tracestate} of a request become headers of its records
 */
@ConfigurationProperties("naru.gateway.produce")
public record ProduceProperties(
        @DefaultValue("512KB") DataSize batchSize,
        @DefaultValue("8MB") DataSize requestSize,
        @DefaultValue("48MB") DataSize bufferMemory,
        @DefaultValue("10s") Duration retryFor,
        @DefaultValue("30s") Duration deliveryTimeout,
        @DefaultValue("15s") Duration ackTimeout,
        @DefaultValue("20ms") Duration slowAfter,
        @DefaultValue("4") int connections,
        @DefaultValue("false") boolean trace) {

    /** Checks the figures. */
    public ProduceProperties {
        if (batchSize.toBytes() < 1024 || batchSize.toBytes() > 64 * 1024 * 1024) {
            throw new IllegalArgumentException("naru.gateway.produce.batch-size must be between 1KB and 64MB");
        }
        if (connections < 1 || connections > 64) {
            throw new IllegalArgumentException("naru.gateway.produce.connections must be between 1 and 64");
        }
    }
}
