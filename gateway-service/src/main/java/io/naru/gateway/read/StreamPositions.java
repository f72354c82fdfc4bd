package io.naru.gateway.read;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a stream of a topic stands: the next offset of each partition, written {@code 0:17,1:4}. Anyone may write one by hand; it is the
 * id of every server-sent event, and what {@code from=} takes. A partition that it leaves out begins at its earliest record.
 */
final class StreamPositions {

    private StreamPositions() {}

    /** Whether a text looks like positions rather than a time. */
    static boolean looksLikePositions(String text) {
        int colon = text.indexOf(':');
        return colon > 0 && text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == ':' || c == ',');
    }

    /**
     * Reads positions.
     *
     * @param partitions how many the topic has
     */
    static Map<Integer, Long> parse(String text, int partitions) {
        Map<Integer, Long> positions = new TreeMap<>();
        for (String part : text.split(",", -1)) {
            int colon = part.indexOf(':');
            try {
                int partition = Integer.parseInt(part.substring(0, Math.max(0, colon)));
                long offset = Long.parseLong(part.substring(colon + 1));
                if (partition < 0
                        || offset < 0
                        || partition >= partitions
                        || positions.put(partition, offset) != null) {
                    throw bad(text);
                }
            } catch (NumberFormatException notANumber) {
                throw bad(text);
            }
        }
        return positions;
    }

    private static ProblemException bad(String text) {
        return Problem.of(
                        ProblemKind.BAD_CURSOR,
                        "\"" + text + "\" is no position in this topic; a position is partition:offset,… like 0:17,1:4")
                .exception();
    }

    static void write(JsonOut out, long[] positions) {
        for (int i = 0; i < positions.length; i++) {
            if (i > 0) {
                out.put(',');
            }
            out.number(i).put(':').number(positions[i]);
        }
    }
}
