package io.naru.testkit;

/** Something that Kafka clients can be pointed at: Naru or the genuine article. */
public interface KafkaEndpoint {

    /** {@code host:port[,host:port…]}, as {@code bootstrap.servers} wants it. */
    String bootstrapServers();
}
