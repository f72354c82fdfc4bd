package io.naru.gateway.group;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.format.RecordCursor;
import io.naru.gateway.format.RecordFormat;
import io.naru.gateway.format.RecordWriter;
import org.apache.kafka.common.TopicPartition;

/** Records as this gateway's own API shows them. */
final class NativeShape implements RecordShape {

    private final String opening;
    private final String separator;
    private final RecordWriter writer;

    NativeShape(RecordFormat keyFormat, RecordFormat valueFormat) {
        this("{\"records\":[", ",", keyFormat, valueFormat);
    }

    NativeShape(String opening, String separator, RecordFormat keyFormat, RecordFormat valueFormat) {
        this.opening = opening;
        this.separator = separator;
        this.writer = new RecordWriter(keyFormat, valueFormat);
    }

    @Override
    public String opening() {
        return opening;
    }

    @Override
    public String separator() {
        return separator;
    }

    @Override
    public byte[] prefix(TopicPartition partition) {
        return RecordWriter.prefix(partition.topic(), partition.partition());
    }

    @Override
    public void write(JsonOut out, byte[] prefix, TopicPartition partition, RecordCursor record) {
        writer.write(out, prefix, record);
    }
}
