package io.naru.system;

import io.naru.testkit.KafkaEndpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Exit;

/** Runs Apache's command-line tools in this process, one at a time, and keeps what they print. */
final class ApacheTool {

    private static final Output OUTPUT = new Output(System.out);

    static {
        // For good: Scala's console remembers the stream it finds first.
        System.setOut(new PrintStream(OUTPUT, true, StandardCharsets.UTF_8));
    }

    private ApacheTool() {}

    /** The tool's main method. */
    interface Main {
        /** Runs it. */
        void run(String... arguments) throws Exception;
    }

    /** What the tool prints, and how it exits when it does so with an error; without blank lines and its logger's warnings. */
    static synchronized List<String> run(KafkaEndpoint endpoint, Main main, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--bootstrap-server", endpoint.bootstrapServers()));
        all.addAll(List.of(arguments));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        List<String> lines = new ArrayList<>();
        Exit.setExitProcedure((status, message) -> {
            throw new ToolExit(status);
        });
        OUTPUT.to(printed);
        try {
            main.run(all.toArray(String[]::new));
        } catch (ToolExit exit) {
            lines.add("exit " + exit.status);
        } catch (Exception failure) {
            lines.add("failed: " + failure.getClass().getSimpleName());
        } finally {
            OUTPUT.to(null);
            Exit.resetExitProcedure();
        }
        printed.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceAll("\\s+", " ").strip())
                .filter(line -> !line.isEmpty() && !line.matches("\\[?[\\d-]*\\s?\\d\\d:\\d\\d:\\d\\d.*"))
                .forEach(lines::add);
        return lines;
    }

    private static final class ToolExit extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final int status;

        ToolExit(int status) {
            super("exit " + status, null, false, false);
            this.status = status;
        }
    }

    /** Standard output, which can be turned aside. */
    private static final class Output extends OutputStream {

        private final PrintStream usual;
        private volatile OutputStream aside;

        Output(PrintStream usual) {
            this.usual = usual;
        }

        void to(OutputStream target) {
            aside = target;
        }

        @Override
        public void write(int b) throws IOException {
            OutputStream target = aside;
            (target == null ? usual : target).write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            OutputStream target = aside;
            (target == null ? usual : target).write(bytes, offset, length);
        }
    }
}
