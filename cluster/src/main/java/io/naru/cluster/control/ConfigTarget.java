package io.naru.cluster.control;

/**
 * What has configs.
 *
 * @param kind topic or broker
 * @param name of the topic, or the broker's id; empty for all brokers
 */
public record ConfigTarget(Kind kind, String name) {

    /** What it is. */
    public enum Kind {
        /** A topic. */
        TOPIC,
        /** A broker, or all of them. */
        BROKER
    }

    /** A topic. */
    public static ConfigTarget topic(String name) {
        return new ConfigTarget(Kind.TOPIC, name);
    }

    /** One broker. */
    public static ConfigTarget broker(int id) {
        return new ConfigTarget(Kind.BROKER, Integer.toString(id));
    }

    /** All brokers. */
    public static ConfigTarget allBrokers() {
        return new ConfigTarget(Kind.BROKER, "");
    }
}
