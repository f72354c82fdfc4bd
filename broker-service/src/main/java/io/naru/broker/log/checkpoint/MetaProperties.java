package io.naru.broker.log.checkpoint;

import io.naru.broker.log.disk.Disk;
import io.naru.broker.log.disk.FileBytes;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.common.Uuid;

/**
 * {@code meta.properties}: whose data a directory holds. Java properties:
 *
 * <pre>
 *  cluster.id={text}
 *  directory.id={22 characters of base64url}
 *  node.id={int32}
 *  version=1
 * </pre>
 *
 * @param clusterId   cluster that the directory belongs to
 * @param nodeId      broker that the directory belongs to
 * @param directoryId identity of the directory itself, wherever it is mounted
 */
public record MetaProperties(String clusterId, int nodeId, Uuid directoryId) {

    /** Name of the file. */
    public static final String NAME = "meta.properties";

    private static final long BYTES_MAX = 64 << 10;

    /** Reads the file; throws when it is missing or lacks one of the keys. */
    public static MetaProperties read(Disk disk, Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(FileBytes.readText(disk, file, BYTES_MAX)));
            return new MetaProperties(
                    required(properties, "cluster.id"),
                    Integer.parseInt(required(properties, "node.id")),
                    Uuid.fromString(required(properties, "directory.id")));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Replaces the file, durably. */
    public void write(Disk disk, Path directory) throws IOException {
        String text = "#\ncluster.id=" + clusterId + "\ndirectory.id=" + directoryId + "\nnode.id=" + nodeId
                + "\nversion=1\n";
        FileBytes.replaceDurably(disk, directory.resolve(NAME), ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String required(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("no " + key);
        }
        return value;
    }
}
