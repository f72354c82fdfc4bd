package io.naru.benchmarks.log;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the JMH benchmarks of this package, with the allocation of each call. */
@Command(
        name = "log",
        description = "The log alone, by JMH: appends, reads, index look-ups, compaction.",
        mixinStandardHelpOptions = true)
public final class LogBenchmarks implements Callable<Integer> {

    @Option(names = "--include", defaultValue = ".*", description = "Benchmarks whose name matches (${DEFAULT-VALUE}).")
    private String include = ".*";

    @Option(names = "--out", defaultValue = "benchmarks/target/log.json", description = "Where JMH's results go.")
    private Path out = Path.of("log.json");

    @Override
    public Integer call() throws Exception {
        new Runner(new OptionsBuilder()
                        .include("io\\.naru\\.benchmarks\\.log\\..*" + include)
                        .addProfiler(GCProfiler.class)
                        .resultFormat(ResultFormatType.JSON)
                        .result(out.toString())
                        .build())
                .run();
        return 0;
    }
}
