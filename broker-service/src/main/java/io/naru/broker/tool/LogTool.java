package io.naru.broker.tool;

import io.naru.broker.log.LogInspector;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The main class of {@code ./naru log dump|verify}. Exit codes: 0 all is well, 1 damage was found, 2 it was not called right. */
public final class LogTool {

    private static final String USAGE = """
            ./naru log verify DIR                       checks every batch, index and snapshot
            ./naru log dump DIR [--records] [--limit N] prints batches (the first N of each partition, 1000 by default), records too

            DIR is a partition directory (orders-0) or a data directory with many. Nothing is changed. Stop the broker first, or look at a
            copy: the end of a log that is being written may look torn.
            """;
    private static final long LIMIT = 1000;

    private LogTool() {}

    /** See above. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.exit(run(args, out));
    }

    static int run(String[] args, PrintStream out) {
        List<String> words = new ArrayList<>();
        boolean records = false;
        long limit = LIMIT;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--records")) {
                records = true;
            } else if (args[i].equals("--limit") && i + 1 < args.length && args[i + 1].matches("\\d{1,15}")) {
                limit = Long.parseLong(args[++i]);
            } else {
                words.add(args[i]);
            }
        }
        if (words.size() != 2 || !List.of("dump", "verify").contains(words.get(0))) {
            out.print(USAGE);
            return 2;
        }
        Path directory = Path.of(words.get(1));
        if (!Files.isDirectory(directory)) {
            out.println("there is no directory " + directory);
            return 2;
        }
        boolean verify = words.get(0).equals("verify");
        try {
            return inspect(directory, out, verify, verify ? 0 : limit, records);
        } catch (IOException e) {
            out.println("cannot be read: " + e);
            return 1;
        }
    }

    private static int inspect(Path directory, PrintStream out, boolean verify, long limit, boolean records)
            throws IOException {
        List<Path> partitions = LogInspector.partitions(directory);
        if (partitions.isEmpty()) {
            out.println("there is no log in " + directory);
            return 2;
        }
        int damaged = 0;
        for (Path partition : partitions) {
            LogPrinter printer = new LogPrinter(out, limit, records);
            if (!verify) {
                out.println(partition);
            }
            LogInspector inspector = new LogInspector(partition, printer);
            inspector.run();
            if (verify) {
                out.println(partition + ": " + printer.summary(inspector.nextOffset()));
            }
            damaged += printer.damaged();
        }
        return damaged == 0 ? 0 : 1;
    }
}
