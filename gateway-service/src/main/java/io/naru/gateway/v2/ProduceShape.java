package io.naru.gateway.v2;

import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.topic.JsonProblems;

/** What a record may say of itself, and how a record that says something else is refused. */
enum ProduceShape {
    /** Confluent's: key, value, partition; nothing is required. */
    CONFLUENT("a record has key, value, partition"),
    /** Strimzi's: headers and a timestamp as well, and a value, which may be null. */
    STRIMZI("a record has key, value, partition, timestamp, headers"),
    /** Strimzi's, where the path names the partition. */
    STRIMZI_OF_PARTITION("a record has key, value, headers");

    private final String fields;

    ProduceShape(String fields) {
        this.fields = fields;
    }

    static ProduceShape of(boolean strimzi, boolean ofPartition) {
        return !strimzi ? CONFLUENT : ofPartition ? STRIMZI_OF_PARTITION : STRIMZI;
    }

    boolean isStrimzi() {
        return this != CONFLUENT;
    }

    boolean hasPartition() {
        return this != STRIMZI_OF_PARTITION;
    }

    boolean hasTimestamp() {
        return this == STRIMZI;
    }

    /** Which fields there are, in words. */
    String fields() {
        return fields;
    }

    /** A field that is not what it should be: 422, in Strimzi's 400. */
    ProblemException wrong(String pointer, String why) {
        return isStrimzi()
                ? Problem.of(ProblemKind.BAD_BODY, "at " + pointer + ": " + why).exception()
                : JsonProblems.field(pointer, why);
    }
}
