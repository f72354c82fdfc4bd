package io.naru.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * The child JVM of {@link ReferenceKafka}: formats the storage, starts the server, makes the ready file (first
 * argument) and serves until its standard input ends. The other arguments are settings, {@code name=value}.
 */
final class ReferenceKafkaMain {
    /** The same for all, so that several can be one cluster. */
    private static final String CLUSTER_ID =
            Uuid.fromString("bmFydS1yZWZlcmVuY2UtMQ").toString();

    private ReferenceKafkaMain() {}

    /** Entry point of the child. */
    public static void main(String[] args) throws Exception {
        Properties settings = new Properties();
        for (int i = 1; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            settings.setProperty(args[i].substring(0, equals), args[i].substring(equals + 1));
        }
        if (!Files.exists(Path.of(settings.getProperty("log.dir"), "meta.properties"))) {
            format(settings.getProperty("log.dir"), Integer.parseInt(settings.getProperty("node.id")));
        }
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM);
        server.startup();
        Files.writeString(Path.of(args[0]), "ready");
        awaitEndOfInput();
        // The test is over and the directory goes away next: no need for an orderly, slower shutdown.
        Runtime.getRuntime().halt(0);
    }

    private static void format(String logDirectory, int nodeId) throws Exception {
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(nowhere)
                    .setClusterId(CLUSTER_ID)
                    .setNodeId(nodeId)
                    .setControllerListenerName("CONTROLLER")
                    .addDirectory(logDirectory)
                    .setMetadataLogDirectory(logDirectory)
                    .run();
        }
    }

    /** The parent never writes; only the end counts. */
    private static void awaitEndOfInput() throws IOException {
        System.in.transferTo(OutputStream.nullOutputStream());
    }
}
