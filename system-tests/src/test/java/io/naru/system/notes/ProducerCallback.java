package io.naru.system.notes;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Learns what became of a record. */
final class ProducerCallback implements Callback {
    private static final Logger logger = LoggerFactory.getLogger(ProducerCallback.class);
    final Queue<RecordMetadata> written = new ConcurrentLinkedQueue<>();

    @Override
    public void onCompletion(RecordMetadata recordMetadata, @Nullable Exception e) {
        if (e != null) {
            logger.error(e.getMessage(), e);
        } else {
            logger.info(recordMetadata.toString());
            written.add(recordMetadata);
        }
    }
}
