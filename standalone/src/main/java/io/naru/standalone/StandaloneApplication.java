package io.naru.standalone;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.web.server.PortInUseException;

/** All four services in one JVM. */
public final class StandaloneApplication {

    private static final long READY_TIMEOUT_MS = 60_000;

    private StandaloneApplication() {}

    /** Starts everything, prints where it is, and runs until the JVM is told to stop. */
    public static void main(String... args) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Standalone standalone;
        try {
            standalone = Standalone.start(args);
        } catch (RuntimeException failed) {
            out.println("naru: could not start: " + reason(failed));
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(standalone::close, "naru-stop"));
        if (standalone.awaitReady(READY_TIMEOUT_MS)) {
            long sinceJvmStart = System.currentTimeMillis()
                    - ManagementFactory.getRuntimeMXBean().getStartTime();
            out.println(standalone.banner(sinceJvmStart).text());
        } else if (!standalone.closing()) {
            out.println("naru: still not ready after " + READY_TIMEOUT_MS / 1000
                    + " s; the log above says why. Trying on.");
        }
    }

    private static String reason(Throwable failed) {
        for (Throwable t = failed; t != null; t = t.getCause()) {
            if (t instanceof PortInUseException inUse) {
                return "port " + inUse.getPort()
                        + " is in use. Stop what uses it, or choose another with --port and its like"
                        + " (./naru help).";
            }
            if (t instanceof BindException) {
                return "a port is in use (" + t.getMessage() + "). Stop what uses it, or choose another: ./naru help.";
            }
            if (t.getCause() == null) {
                return t.toString();
            }
        }
        return failed.toString();
    }
}
