package io.naru.testkit;

/**
 * One instance of a service in a cluster.
 *
 * @param service which
 * @param number  counted from 1; also the id of a broker or coordinator, so that {@code broker-2} is node 2
 */
public record NaruNode(NaruService service, int number) {

    /** Refuses numbers below 1. */
    public NaruNode {
        if (number < 1) {
            throw new IllegalArgumentException("nodes are counted from 1, not " + number);
        }
    }

    /** The first instance. */
    public static NaruNode of(NaruService service) {
        return new NaruNode(service, 1);
    }

    /** A broker by its node id. */
    public static NaruNode broker(int number) {
        return new NaruNode(NaruService.BROKER, number);
    }

    /** As directories and logs are called: {@code broker} or, from the second on, {@code broker-2}. */
    @Override
    public String toString() {
        return number == 1 ? service.id() : service.id() + "-" + number;
    }
}
