package io.naru.broker.log.batch;

import java.util.Optional;
import org.apache.kafka.common.compress.Compression;

/**
 * What a topic asks of the batches that its leaders append.
 *
 * @param maxMessageBytes      largest batch, in bytes as stored ({@code max.message.bytes})
 * @param maxDecompressedBytes largest batch after decompression; a batch above it is refused as too large without being unpacked
 *                             to the end
 * @param logAppendTime        whether the leader's clock replaces the timestamps ({@code message.timestamp.type})
 * @param timestampBeforeMaxMs how far a create time may lie in the past
 * @param timestampAfterMaxMs  how far a create time may lie in the future
 * @param compression          codec the log keeps, or empty for whatever the producer chose ({@code compression.type})
 * @param keysRequired         whether records without key are refused (compacted topics)
 */
public record BatchRules(
        int maxMessageBytes,
        long maxDecompressedBytes,
        boolean logAppendTime,
        long timestampBeforeMaxMs,
        long timestampAfterMaxMs,
        Optional<Compression> compression,
        boolean keysRequired) {}
