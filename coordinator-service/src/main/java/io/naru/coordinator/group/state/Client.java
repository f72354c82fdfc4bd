package io.naru.coordinator.group.state;

/**
 * Who asks.
 *
 * @param clientId   what it calls itself
 * @param clientHost address it connects from, as Kafka writes it: {@code /127.0.0.1}
 */
public record Client(String clientId, String clientHost) {}
