package io.naru.benchmarks;

import io.naru.benchmarks.failover.FailoverBenchmark;
import io.naru.benchmarks.fanout.FanoutBenchmark;
import io.naru.benchmarks.groups.GroupsBenchmark;
import io.naru.benchmarks.http.HttpBenchmark;
import io.naru.benchmarks.log.LogBenchmarks;
import io.naru.benchmarks.log.RecoveryBenchmark;
import io.naru.benchmarks.metadata.MetadataBenchmark;
import io.naru.benchmarks.wire.ReplicationBenchmark;
import io.naru.benchmarks.wire.WireBenchmark;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of all benchmarks, each with {@code --help}. */
@Command(
        name = "./naru bench",
        description = "Measures Naru beside what else there is, in turns, in one run.",
        mixinStandardHelpOptions = true,
        subcommands = {
            WireBenchmark.class,
            HttpBenchmark.class,
            FanoutBenchmark.class,
            LogBenchmarks.class,
            GroupsBenchmark.class,
            RecoveryBenchmark.class,
            MetadataBenchmark.class,
            ReplicationBenchmark.class,
            FailoverBenchmark.class
        })
public final class Benchmarks {

    private Benchmarks() {}

    /** Runs the benchmark that is named and exits with 0, or with 1 when it could not be run. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Benchmarks()).execute(args));
    }
}
