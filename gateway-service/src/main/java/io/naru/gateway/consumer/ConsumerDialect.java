package io.naru.gateway.consumer;

/** Whose REST API it is to be where products differ: media types, numbers of errors, what a commit of offset N stores. */
public enum ConsumerDialect {
    /** Confluent's REST Proxy. */
    CONFLUENT,
    /** Strimzi's HTTP bridge. */
    STRIMZI
}
