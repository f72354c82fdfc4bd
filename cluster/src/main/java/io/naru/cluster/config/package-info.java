/**
 * The configs that Naru knows, under Kafka's names: one table in code from which the controller validates, brokers read values, and
 * DescribeConfigs and REST describe them.
 */
@NullMarked
package io.naru.cluster.config;

import org.jspecify.annotations.NullMarked;
