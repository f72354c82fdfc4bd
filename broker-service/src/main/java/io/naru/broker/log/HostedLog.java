package io.naru.broker.log;

import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * An open log with what the manager knows of it.
 *
 * @param log        the log
 * @param topicId    id of its topic, null when its directory does not tell
 * @param directory  the data directory it lies in
 * @param configured whether its topic was named since the start; until then its configuration is a guess, and nothing of it is
 *                   deleted or compacted
 */
record HostedLog(Log log, @Nullable Uuid topicId, LogDirectory directory, boolean configured) {}
