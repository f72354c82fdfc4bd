package io.naru.broker.log;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * What a {@link LogManager} is told.
 *
 * @param directories data directories
 * @param clusterId   cluster that they must belong to
 * @param nodeId      broker that they must belong to
 * @param environment disk and randomness
 * @param configs     configuration of a topic when its log is opened at the start
 * @param loadThreads how many logs are opened or closed at a time
 * @param progress    told after each log that was opened at the start
 */
public record LogSettings(
        List<Path> directories,
        String clusterId,
        int nodeId,
        LogEnvironment environment,
        Function<String, LogConfig> configs,
        int loadThreads,
        Progress progress) {

    /** One directory, default topic configuration, two threads. */
    public static LogSettings of(Path directory, String clusterId, int nodeId) {
        return new LogSettings(
                List.of(directory),
                clusterId,
                nodeId,
                LogEnvironment.local(System.identityHashCode(directory)),
                topic -> LogConfig.DEFAULT,
                2,
                (done, total) -> {});
    }

    /** How far the start has come. Called from several threads. */
    public interface Progress {

        /** {@code done} of {@code total} logs are open. */
        void loaded(int done, int total);
    }
}
