package io.naru.system;

import io.naru.system.program.Clients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * A group member as a process of its own, to be killed or frozen: reads, writes each value into a file, commits.
 * Arguments: bootstrap servers, group, topic, file. Lines of the file: {@code assigned <count>}, {@code got <value>}.
 */
final class MemberMain {
    private MemberMain() {}

    /** Runs until killed. */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[3]);
        try (KafkaConsumer<String, String> member = Clients.member(() -> args[0], args[1])) {
            member.subscribe(List.of(args[2]), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    write(file, "assigned " + member.assignment().size());
                }

                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    write(file, "revoked " + partitions.size());
                }
            });
            while (true) {
                ConsumerRecords<String, String> records = member.poll(Duration.ofMillis(100));
                for (ConsumerRecord<String, String> record : records) {
                    write(file, "got " + record.value());
                }
                if (!records.isEmpty()) {
                    commit(member, file);
                }
            }
        }
    }

    private static void commit(KafkaConsumer<String, String> member, Path file) {
        try {
            member.commitSync();
        } catch (CommitFailedException fenced) {
            // Its partitions went to another while it slept; it rejoins with the next poll.
            write(file, "fenced");
        }
    }

    private static void write(Path file, String line) {
        try {
            Files.write(
                    file,
                    (line + "\n").getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
