package io.naru.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The source tree the tests run in, and the runnable jars that the build left in it. */
public final class Checkout {
    private static final String ROOT_PROPERTY = "naru.test.checkout";

    private Checkout() {}

    /**
     * The folder that holds the {@code naru} launcher: {@code -Dnaru.test.checkout=}, else the first such folder from
     * the working directory upwards.
     */
    public static Path root() {
        String given = System.getProperty(ROOT_PROPERTY);
        @Nullable Path folder = Path.of(given == null ? "" : given).toAbsolutePath();
        while (folder != null) {
            if (Files.isRegularFile(folder.resolve("naru")) && Files.isRegularFile(folder.resolve("pom.xml"))) {
                return folder;
            }
            folder = folder.getParent();
        }
        throw new IllegalStateException("no folder with the naru script above "
                + Path.of("").toAbsolutePath() + "; name one with -D" + ROOT_PROPERTY + "=");
    }

    /** The runnable jar of a module, e.g. {@code standalone/target/standalone-0.1.0-SNAPSHOT-exec.jar}. */
    public static Path executableJar(String module) {
        Path target = root().resolve(module).resolve("target");
        List<Path> jars = Files.isDirectory(target) ? jarsIn(target, module) : List.of();
        if (jars.size() != 1) {
            throw new IllegalStateException("expected one " + module + "-*-exec.jar in " + target + " but found " + jars
                    + "; build it with ./naru build");
        }
        return jars.get(0);
    }

    private static List<Path> jarsIn(Path target, String module) {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.startsWith(module + "-") && name.endsWith("-exec.jar");
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
