package io.naru.gateway.group;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Groups over HTTP.
 *
 * @param membersMax        members that one gateway heartbeats for; beyond it 503
 * @param sessionTimeout    how long a member may be silent that does not say
 * @param sessionTimeoutMin shortest silence that a member may ask for
 * @param sessionTimeoutMax longest silence that a member may ask for
 * @param revokeGrace       how long a partition that the group wants back waits for its member to acknowledge what it was given of it
 * @param waitTime          how long a poll waits that does not say
 * @param pollRecords       how many records a poll returns that does not say
 * @param pollRecordsMax    how many records a poll may ask for
 * @param pollSize          how many bytes of records a poll returns that does not say
 * @param pollSizeMax       how many bytes of records a poll may ask for
 * @param ackTime           how long an acknowledgement is tried before it is given up
 * @param connections       connections per coordinator
 * @param streamSignOfLife  how often a stream without records sends a sign of life, by which it is found out that its client has left
 */
@ConfigurationProperties("naru.gateway.group")
public record GroupProperties(
        @DefaultValue("20000") int membersMax,
        @DefaultValue("45s") Duration sessionTimeout,
        @DefaultValue("1s") Duration sessionTimeoutMin,
        @DefaultValue("30m") Duration sessionTimeoutMax,
        @DefaultValue("3s") Duration revokeGrace,
        @DefaultValue("5s") Duration waitTime,
        @DefaultValue("500") int pollRecords,
        @DefaultValue("10000") int pollRecordsMax,
        @DefaultValue("1MB") DataSize pollSize,
        @DefaultValue("8MB") DataSize pollSizeMax,
        @DefaultValue("10s") Duration ackTime,
        @DefaultValue("2") int connections,
        @DefaultValue("1s") Duration streamSignOfLife) {

    /** Checks the figures. */
    public GroupProperties {
        if (membersMax < 1 || pollRecords < 1 || pollRecordsMax < pollRecords || connections < 1 || connections > 64) {
            throw new IllegalArgumentException("naru.gateway.group: members-max and poll-records must be positive, "
                    + "poll-records-max not below poll-records, connections between 1 and 64");
        }
        if (pollSize.toBytes() < 1
                || pollSizeMax.toBytes() < pollSize.toBytes()
                || pollSizeMax.toBytes() > 128L * 1024 * 1024) {
            throw new IllegalArgumentException(
                    "naru.gateway.group: poll-size must be positive, poll-size-max not below it and at most 128MB");
        }
        if (sessionTimeoutMin.toMillis() < 1
                || sessionTimeout.compareTo(sessionTimeoutMin) < 0
                || sessionTimeoutMax.compareTo(sessionTimeout) < 0) {
            throw new IllegalArgumentException(
                    "naru.gateway.group: session-timeout must lie between session-timeout-min and session-timeout-max");
        }
        if (streamSignOfLife.toMillis() < 10) {
            throw new IllegalArgumentException("naru.gateway.group.stream-sign-of-life must be at least 10ms");
        }
        if (revokeGrace.isNegative() || waitTime.isNegative() || ackTime.toMillis() < 1) {
            throw new IllegalArgumentException("naru.gateway.group: times must not be negative");
        }
    }

    /** How long the coordinator waits for a member to give partitions up: longer than the gateway does. */
    int rebalanceTimeoutMs() {
        return (int) revokeGrace.toMillis() * 2 + 15_000;
    }
}
