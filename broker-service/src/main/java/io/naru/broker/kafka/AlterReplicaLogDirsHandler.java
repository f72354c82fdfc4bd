package io.naru.broker.kafka;

import io.naru.broker.partition.Partition;
import io.naru.broker.partition.PartitionTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * AlterReplicaLogDirs, versions 1–2 (KIP-113): 2 is flexible. Replicas do not move between the directories of a broker yet: to stay where
 * it is is granted, everything else refused, 57 for a directory that there is not, 42 for another one.
 */
final class AlterReplicaLogDirsHandler implements RequestHandler<AlterReplicaLogDirsRequestData> {

    private final PartitionTable partitions;
    private final LogDirectoriesView directories;

    AlterReplicaLogDirsHandler(PartitionTable partitions, LogDirectoriesView directories) {
        this.partitions = partitions;
        this.directories = directories;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.ALTER_REPLICA_LOG_DIRS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(AlterReplicaLogDirsRequestData request, RequestContext context) {
        Map<String, AlterReplicaLogDirTopicResult> byTopic = new HashMap<>();
        request.dirs()
                .forEach(directory -> directory
                        .topics()
                        .forEach(topic -> topic.partitions()
                                .forEach(partition -> byTopic.computeIfAbsent(
                                                topic.name(),
                                                name -> new AlterReplicaLogDirTopicResult().setTopicName(name))
                                        .partitions()
                                        .add(new AlterReplicaLogDirPartitionResult()
                                                .setPartitionIndex(partition)
                                                .setErrorCode(outcome(directory.path(), topic.name(), partition)
                                                        .code())))));
        AlterReplicaLogDirsResponseData answer = new AlterReplicaLogDirsResponseData();
        answer.results().addAll(byTopic.values());
        return CompletableFuture.completedFuture(answer);
    }

    private Errors outcome(String wanted, String topic, int index) {
        Path directory = directories.all().stream()
                .filter(known -> known.toAbsolutePath().toString().equals(wanted))
                .findFirst()
                .orElse(null);
        if (directory == null) {
            return Errors.LOG_DIR_NOT_FOUND;
        }
        if (directories.offline().get().contains(directory)) {
            return Errors.KAFKA_STORAGE_ERROR;
        }
        Partition partition = partitions.find(topic, Uuid.ZERO_UUID, index).orElse(null);
        if (partition == null) {
            return Errors.REPLICA_NOT_AVAILABLE;
        }
        Path now = partition.log().directory().toAbsolutePath().getParent();
        return directory.toAbsolutePath().equals(now) ? Errors.NONE : Errors.INVALID_REQUEST;
    }
}
