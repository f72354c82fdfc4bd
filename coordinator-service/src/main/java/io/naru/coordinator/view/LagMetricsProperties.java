package io.naru.coordinator.view;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Meters of how far groups are behind.
 *
 * @param lagInterval  time between two looks; 0 for none
 * @param lagGroupsMax groups that have meters of their own, by id; each costs a request to leaders at every look
 */
@ConfigurationProperties("naru.coordinator.metrics")
record LagMetricsProperties(
        @DefaultValue("30s") Duration lagInterval,
        @DefaultValue("100") int lagGroupsMax) {}
