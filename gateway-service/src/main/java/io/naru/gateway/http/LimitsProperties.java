package io.naru.gateway.http;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What a stranger can make the gateway hold or wait for.
 *
 * @param bodySize          largest body of a request that is not a stream; beyond it 413
 * @param bodyMemory        memory for bodies that are still arriving, all together; beyond it 503
 * @param bodyTime          time for a body to arrive, per MiB begun; beyond it 408
 * @param lineSize          longest line of an NDJSON stream, longest record of a v3 stream; a longer one is refused, in v3 with all after it
 * @param recordsPerRequest most records in a body that is not a stream; beyond it 413
 * @param batchEntries      most entries in a v3 {@code records:batch}; beyond it 422
 * @param streamTime        how long a v3 stream of records may go on; beyond it 408 for each further record
 * @param streamMemory      memory for what is streamed and not taken yet, all together; beyond it streams wait for their clients
 * @param jsonDepth         deepest nesting of JSON, at most 64
 * @param longPolls         requests that may wait for data or follow a topic at the same time; beyond it 503
 * @param waitMax           longest time that a read may wait for data
 */
@ConfigurationProperties("naru.gateway.limits")
public record LimitsProperties(
        @DefaultValue("8MB") DataSize bodySize,
        @DefaultValue("64MB") DataSize bodyMemory,
        @DefaultValue("30s") Duration bodyTime,
        @DefaultValue("8MB") DataSize lineSize,
        @DefaultValue("10000") int recordsPerRequest,
        @DefaultValue("10") int batchEntries,
        @DefaultValue("24h") Duration streamTime,
        @DefaultValue("32MB") DataSize streamMemory,
        @DefaultValue("64") int jsonDepth,
        @DefaultValue("20000") int longPolls,
        @DefaultValue("60s") Duration waitMax) {

    /** Checks that every limit is one. */
    public LimitsProperties {
        if (bodySize.toBytes() < 1 || bodySize.toBytes() > 512L * 1024 * 1024) {
            throw new IllegalArgumentException("naru.gateway.limits.body-size must be between 1B and 512MB");
        }
        if (lineSize.toBytes() < 1024 || lineSize.toBytes() > 512L * 1024 * 1024) {
            throw new IllegalArgumentException("naru.gateway.limits.line-size must be between 1KB and 512MB");
        }
        if (jsonDepth < 1 || jsonDepth > 64) {
            throw new IllegalArgumentException("naru.gateway.limits.json-depth must be between 1 and 64");
        }
        if (recordsPerRequest < 1 || batchEntries < 1 || longPolls < 1) {
            throw new IllegalArgumentException(
                    "naru.gateway.limits.records-per-request, batch-entries and long-polls must be positive");
        }
    }
}
