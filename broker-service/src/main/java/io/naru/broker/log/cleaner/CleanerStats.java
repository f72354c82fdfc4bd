package io.naru.broker.log.cleaner;

/**
 * How far cleaning has come.
 *
 * @param backlogBytes dirty bytes of all logs that may be cleaned
 * @param due          logs that should be cleaned
 * @param uncleanable  logs that are not cleaned any more because they are damaged
 * @param dirtyRatioMax largest share of dirty bytes of any log
 * @param cleanings    cleanings since the start
 * @param bytesRead    bytes gone through since the start
 * @param bytesWritten bytes left over of these
 */
public record CleanerStats(
        long backlogBytes,
        int due,
        int uncleanable,
        double dirtyRatioMax,
        long cleanings,
        long bytesRead,
        long bytesWritten) {

    /** Nothing seen yet. */
    public static final CleanerStats NONE = new CleanerStats(0, 0, 0, 0, 0, 0, 0);

    CleanerStats seen(long backlog, int logsDue, int damaged, double ratioMax) {
        return new CleanerStats(backlog, logsDue, damaged, ratioMax, cleanings, bytesRead, bytesWritten);
    }

    CleanerStats cleaned(CleaningResult result) {
        return new CleanerStats(
                backlogBytes,
                due,
                uncleanable,
                dirtyRatioMax,
                cleanings + 1,
                bytesRead + result.bytesRead(),
                bytesWritten + result.bytesWritten());
    }
}
