package io.naru.broker.kafka;

import io.naru.broker.partition.Partition;
import io.naru.broker.partition.PartitionTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * DescribeLogDirs, versions 1–5 (KIP-113): 3 adds an error for the whole, 4 the size of the volume (KIP-827), 5 cordoned directories, of
 * which there are none here.
 */
final class DescribeLogDirsHandler implements RequestHandler<DescribeLogDirsRequestData> {

    private final PartitionTable partitions;
    private final LogDirectoriesView directories;

    DescribeLogDirsHandler(PartitionTable partitions, LogDirectoriesView directories) {
        this.partitions = partitions;
        this.directories = directories;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_LOG_DIRS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(DescribeLogDirsRequestData request, RequestContext context) {
        Set<TopicPartition> wanted = wanted(request);
        Map<Path, List<Partition>> byDirectory = new HashMap<>();
        for (Partition partition : partitions.all()) {
            if (wanted == null || wanted.contains(partition.name())) {
                byDirectory
                        .computeIfAbsent(
                                partition.log().directory().toAbsolutePath().getParent(), d -> new ArrayList<>())
                        .add(partition);
            }
        }
        Set<Path> offline = directories.offline().get();
        DescribeLogDirsResponseData answer = new DescribeLogDirsResponseData();
        for (Path directory : directories.all()) {
            Path path = directory.toAbsolutePath();
            DescribeLogDirsResult result = new DescribeLogDirsResult().setLogDir(path.toString());
            if (offline.contains(directory)) {
                result.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
            } else {
                describe(path, byDirectory.getOrDefault(path, List.of()), result);
            }
            answer.results().add(result);
        }
        return CompletableFuture.completedFuture(answer);
    }

    private static @Nullable Set<TopicPartition> wanted(DescribeLogDirsRequestData request) {
        if (request.topics() == null) {
            return null;
        }
        Set<TopicPartition> wanted = new HashSet<>();
        request.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> wanted.add(new TopicPartition(topic.topic(), partition))));
        return wanted;
    }

    private static void describe(Path directory, List<Partition> held, DescribeLogDirsResult result) {
        try {
            FileStore volume = Files.getFileStore(directory);
            result.setTotalBytes(volume.getTotalSpace()).setUsableBytes(volume.getUsableSpace());
        } catch (IOException unreadable) {
            result.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
            return;
        }
        Map<String, DescribeLogDirsTopic> topics = new TreeMap<>();
        for (Partition partition : held) {
            topics.computeIfAbsent(partition.name().topic(), name -> new DescribeLogDirsTopic().setName(name))
                    .partitions()
                    .add(new DescribeLogDirsPartition()
                            .setPartitionIndex(partition.name().partition())
                            .setPartitionSize(partition.log().sizeInBytes())
                            .setOffsetLag(Math.max(
                                    0,
                                    partition.highWatermark() - partition.log().logEndOffset())));
        }
        result.setTopics(new ArrayList<>(topics.values()));
    }
}
