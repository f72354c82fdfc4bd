package io.naru.gateway.read;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Reading.
 *
 * @param fetchSize     how much is asked of a broker at a time, of one partition
 * @param requestSize   how much is asked of a broker at a time, of all partitions
 * @param pageSize      how much a page holds that does not say
 * @param pageSizeMax   how much a page may ask for
 * @param memory        memory for pages that are being made or sent, all together; beyond it 503
 * @param connections   connections per broker for reading, and as many again for waiting
 * @param pollTime      how long a broker may wait for data before it answers
 * @param retryFor      how long a read is tried again, for instance while a leader is elected
 * @param keepAlive     how often a stream without records says that it is alive
 */
@ConfigurationProperties("naru.gateway.read")
public record ReadProperties(
        @DefaultValue("1MB") DataSize fetchSize,
        @DefaultValue("4MB") DataSize requestSize,
        @DefaultValue("1MB") DataSize pageSize,
        @DefaultValue("16MB") DataSize pageSizeMax,
        @DefaultValue("64MB") DataSize memory,
        @DefaultValue("4") int connections,
        @DefaultValue("500ms") Duration pollTime,
        @DefaultValue("10s") Duration retryFor,
        @DefaultValue("15s") Duration keepAlive) {

    /** Checks the figures. */
    public ReadProperties {
        if (connections < 1 || connections > 64) {
            throw new IllegalArgumentException("naru.gateway.read.connections must be between 1 and 64");
        }
    }
}
