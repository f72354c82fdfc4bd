package io.naru.admin.metadata;

import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what to do when the metadata database cannot be opened at the start.
 *
 * <p>Public with a public constructor because Spring makes it by name.
 */
public final class DatabaseFailureAnalyzer extends AbstractFailureAnalyzer<SQLException> {

    /** H2's DATABASE_ALREADY_OPEN_1. */
    private static final int H2_FILE_IN_USE = 90_020;

    /** H2's IO_EXCEPTION_1, IO_EXCEPTION_2 and FILE_CORRUPTED_1 among them. */
    private static final Set<Integer> H2_FILE_UNUSABLE = Set.of(90_028, 90_030, 90_031, 90_062);

    /** SQL states of connections: none to be had, not authorised, no such database. */
    private static final Pattern CONNECTION_STATES = Pattern.compile("(08|28|3D).*");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, SQLException failure) {
        if (failure.getErrorCode() == H2_FILE_IN_USE) {
            return new FailureAnalysis(
                    "The metadata database is in use by another process: " + failure.getMessage(),
                    "Stop the other admin-service, or give this one a data directory of its own (naru.data-dir). Several"
                            + " admin-services of one cluster need a PostgreSQL database (naru.admin.database.url).",
                    failure);
        }
        if (H2_FILE_UNUSABLE.contains(failure.getErrorCode())
                || CONNECTION_STATES
                        .matcher(String.valueOf(failure.getSQLState()))
                        .matches()) {
            return new FailureAnalysis(
                    "The metadata database cannot be opened: " + failure.getMessage(),
                    "Check naru.admin.database.url, .username and .password, and that the database is up; without a URL,"
                            + " that the data directory (naru.data-dir) can be written.",
                    failure);
        }
        return null;
    }
}
