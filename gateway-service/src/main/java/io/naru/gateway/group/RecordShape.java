package io.naru.gateway.group;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.format.RecordCursor;
import org.apache.kafka.common.TopicPartition;

/** How the records of one answer look. For one thread, once. */
public interface RecordShape {

    /** What stands before the first record. */
    String opening();

    /** What stands between two. */
    default String separator() {
        return ",";
    }

    /** What every record of a partition begins with; computed once. */
    byte[] prefix(TopicPartition partition);

    /** Writes the record that the cursor stands on. */
    void write(JsonOut out, byte[] prefix, TopicPartition partition, RecordCursor record);
}
