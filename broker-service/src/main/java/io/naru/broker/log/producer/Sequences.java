package io.naru.broker.log.producer;

/** Arithmetic of producer sequences, which count modulo 2^31. */
final class Sequences {

    private Sequences() {}

    static int plus(int sequence, int delta) {
        return (sequence + delta) & Integer.MAX_VALUE;
    }

    static int minus(int sequence, int delta) {
        return (sequence - delta) & Integer.MAX_VALUE;
    }
}
