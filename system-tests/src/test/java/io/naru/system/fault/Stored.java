package io.naru.system.fault;

import io.naru.system.program.Clients;
import io.naru.system.program.Polling;
import io.naru.testkit.KafkaEndpoint;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** What there is at the end. */
final class Stored {

    private Stored() {}

    /** Everything in the topic, from the earliest record on. */
    static List<Seen> read(KafkaEndpoint kafka, String topic, int partitions) {
        try (KafkaConsumer<String, String> consumer = Clients.consumer(kafka, Map.of("check.crcs", true))) {
            List<TopicPartition> all = partitions(topic, partitions);
            consumer.assign(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            List<ConsumerRecord<String, String>> records = Polling.until(
                    r -> ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue()),
                    "everything in " + topic,
                    consumer);
            return records.stream()
                    .map(record -> new Seen(-1, record.partition(), record.offset(), record.value()))
                    .toList();
        }
    }

    static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }
}
