package io.naru.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines for child JVMs. */
public final class JavaCommand {
    private JavaCommand() {}

    /**
     * The {@code java} to start children with: that of {@code -Dnaru.test.java-home=}, else the one running the test.
     */
    public static String java() {
        String home = System.getProperty("naru.test.java-home", System.getProperty("java.home"));
        Path java = Path.of(home, "bin", "java");
        if (!Files.isExecutable(java)) {
            throw new IllegalStateException("no java at " + java + "; check -Dnaru.test.java-home");
        }
        return java.toString();
    }

    /** Runs {@code mainClass} from this JVM's own class path, with flags for a small, quick start. */
    public static List<String> forMainClass(Class<?> mainClass, List<String> jvmOptions, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(quickStart());
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass.getName());
        command.addAll(arguments);
        return command;
    }

    /** Flags that bring a short-lived JVM up fast at the price of peak speed. */
    static List<String> quickStart() {
        return List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError");
    }
}
