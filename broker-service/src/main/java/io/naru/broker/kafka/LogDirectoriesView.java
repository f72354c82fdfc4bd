package io.naru.broker.kafka;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The broker's data directories.
 *
 * @param all     all of them
 * @param offline those out of use because of I/O errors
 */
public record LogDirectoriesView(List<Path> all, Supplier<Set<Path>> offline) {

    /** Copies the list. */
    public LogDirectoriesView {
        all = List.copyOf(all);
    }
}
