/**
 * Kafka's own admin client, pointed at the brokers of this cluster: for what lives on brokers and coordinators and not in the
 * controller. Users are the REST resources under {@code /v3}; errors stay Kafka's and become HTTP answers there.
 */
@NullMarked
package io.naru.admin.kafka;

import org.jspecify.annotations.NullMarked;
