package io.naru.gateway.http;

/** The partition that a path names. */
public final class PathPartition {

    private PathPartition() {}

    /**
     * The index in a segment.
     *
     * @throws ProblemException 404 when no partition can have it
     */
    public static int of(Exchange exchange, int segment) {
        String text = exchange.segment(segment);
        try {
            int partition = text.startsWith("+") ? -1 : Integer.parseInt(text);
            if (partition >= 0) {
                return partition;
            }
        } catch (NumberFormatException notANumber) {
            throw none(text);
        }
        throw none(text);
    }

    private static ProblemException none(String text) {
        return Problem.of(ProblemKind.NO_SUCH_PARTITION, "\"" + text + "\" is no partition; partitions are 0, 1, 2 …")
                .exception();
    }
}
