package io.naru.admin.v3.group;

import io.naru.admin.controller.Note;
import io.naru.admin.kafka.ClusterAdmin;
import io.naru.admin.v3.Futures;
import io.naru.admin.v3.V3Exception;
import io.naru.admin.v3.group.ResetOffsetsRequest.Scope;
import io.naru.admin.v3.group.ResetOffsetsRequest.To;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.Actor;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Resets a group's offsets: finds where each partition is to go on, then has the coordinator write it. A group that does not exist comes
 * into being that way, as with Kafka's own tool. A group with members is refused, by the coordinator too, should one join meanwhile.
 */
@Component
class OffsetReset {

    private static final String HAS_MEMBERS =
            "The group has members, which would not notice; stop them first, or remove them.";

    private final ClusterAdmin admin;
    private final GroupReader groups;

    OffsetReset(ClusterAdmin admin, GroupReader groups) {
        this.admin = admin;
        this.groups = groups;
    }

    /**
     * A partition's old and new offset.
     *
     * @param previous committed before, or null
     * @param offset   committed now
     */
    record Moved(@Nullable Long previous, long offset) {}

    /** A reset as the change history tells it. */
    static Note note(Actor actor, String groupId, SortedMap<TopicPartition, Moved> moved) {
        Map<TopicPartition, Long> before = new HashMap<>();
        Map<TopicPartition, Long> after = new HashMap<>();
        moved.forEach((partition, to) -> {
            if (to.previous != null) {
                before.put(partition, to.previous);
            }
            after.put(partition, to.offset);
        });
        return new Note(
                actor, Note.Action.RESET_OFFSETS, Note.Kind.GROUP, groupId, Groups.told(before), Groups.told(after));
    }

    /** Where each partition goes on, in their order. */
    CompletableFuture<SortedMap<TopicPartition, Moved>> reset(
            ClusterImage image, String groupId, ResetOffsetsRequest request) {
        return withoutMembers(image, groupId)
                .thenCompose(known -> groups.committed(image, groupId))
                .thenCompose(committed -> source(image, request, committed)
                        .thenCompose(from -> targets(image, request, scope(image, request, from), from))
                        .thenApply(targets -> moved(committed, targets)))
                .thenCompose(moved -> request.isValidateOnly() || moved.isEmpty()
                        ? CompletableFuture.completedFuture(moved)
                        : write(image, groupId, moved));
    }

    private CompletableFuture<Boolean> withoutMembers(ClusterImage image, String groupId) {
        return groups.describe(image, groupId).handle((group, failure) -> {
            if (failure != null) {
                if (Futures.cause(failure) instanceof GroupIdNotFoundException) {
                    return false;
                }
                throw Errors.forException(Futures.cause(failure))
                        .exception(Futures.cause(failure).getMessage());
            }
            if (!group.members().isEmpty()) {
                throw V3Exception.of(Errors.NON_EMPTY_GROUP, HAS_MEMBERS);
            }
            return true;
        });
    }

    /** The offsets that the new ones begin from. */
    private CompletableFuture<SortedMap<TopicPartition, Long>> source(
            ClusterImage image, ResetOffsetsRequest request, SortedMap<TopicPartition, Long> committed) {
        String other = request.otherGroup();
        if (other == null) {
            return CompletableFuture.completedFuture(committed);
        }
        return groups.describe(image, other).thenCompose(group -> groups.committed(image, other));
    }

    private static Collection<TopicPartition> scope(
            ClusterImage image, ResetOffsetsRequest request, SortedMap<TopicPartition, Long> from) {
        List<Scope> scopes = request.partitions();
        if (scopes == null) {
            return from.keySet();
        }
        TreeSet<TopicPartition> scope = new TreeSet<>(GroupReader.<Long>sorted().comparator());
        for (Scope wanted : scopes) {
            TopicImage topic = image.topic(wanted.topic()).orElseThrow(() -> V3Exception.unknownTopic(wanted.topic()));
            Integer id = wanted.partitionId();
            if (id != null && image.partition(wanted.topic(), id).isEmpty()) {
                throw V3Exception.unknownPartition(wanted.topic(), id);
            }
            for (PartitionImage partition : topic.partitions()) {
                if (id == null || id == partition.partition()) {
                    scope.add(new TopicPartition(topic.name(), partition.partition()));
                }
            }
        }
        if (request.to() == To.SHIFT_BY || request.to() == To.GROUP) {
            scope.removeIf(partition -> !from.containsKey(partition));
        }
        return scope;
    }

    private CompletableFuture<SortedMap<TopicPartition, Long>> targets(
            ClusterImage image,
            ResetOffsetsRequest request,
            Collection<TopicPartition> scope,
            Map<TopicPartition, Long> from) {
        for (TopicPartition partition : scope) {
            if (!GroupReader.isLed(image, partition)) {
                throw V3Exception.of(
                        Errors.LEADER_NOT_AVAILABLE, "Nobody leads " + partition + "; nothing was changed.");
            }
        }
        CompletableFuture<Map<TopicPartition, Long>> wanted = request.to() == To.TIMESTAMP
                ? groups.offsets(image, scope, OffsetSpec.forTimestamp(request.timestampMs()))
                : CompletableFuture.completedFuture(wanted(request, scope, from));
        return groups.offsets(image, scope, OffsetSpec.earliest())
                .thenCombine(groups.offsets(image, scope, OffsetSpec.latest()), Ends::new)
                .thenCombine(wanted, (ends, offsets) -> {
                    SortedMap<TopicPartition, Long> targets = GroupReader.sorted();
                    scope.forEach(partition -> targets.put(partition, ends.nearest(partition, offsets.get(partition))));
                    return targets;
                });
    }

    private static Map<TopicPartition, Long> wanted(
            ResetOffsetsRequest request, Collection<TopicPartition> scope, Map<TopicPartition, Long> from) {
        Long offset = request.offset();
        Long shift = request.shiftBy();
        Map<TopicPartition, Long> wanted = new HashMap<>();
        for (TopicPartition partition : scope) {
            long begin = from.getOrDefault(partition, 0L);
            if (request.to() == To.EARLIEST) {
                wanted.put(partition, 0L);
            } else if (offset != null) {
                wanted.put(partition, offset);
            } else if (shift != null) {
                wanted.put(partition, shifted(begin, shift));
            } else if (request.to() == To.GROUP) {
                wanted.put(partition, begin);
            }
        }
        return wanted;
    }

    private static long shifted(long offset, long by) {
        if (by < 0) {
            return by < -offset ? 0 : offset + by;
        }
        return offset > Long.MAX_VALUE - by ? Long.MAX_VALUE : offset + by;
    }

    private record Ends(Map<TopicPartition, Long> earliest, Map<TopicPartition, Long> latest) {

        /** The offset in the partition that is nearest to {@code wanted}; its end if nothing is, or no record is that young. */
        long nearest(TopicPartition partition, @Nullable Long wanted) {
            long end = latest.getOrDefault(partition, 0L);
            if (wanted == null || wanted < 0) {
                return end;
            }
            return Math.max(earliest.getOrDefault(partition, 0L), Math.min(wanted, end));
        }
    }

    private static SortedMap<TopicPartition, Moved> moved(
            Map<TopicPartition, Long> committed, SortedMap<TopicPartition, Long> targets) {
        SortedMap<TopicPartition, Moved> moved = GroupReader.sorted();
        targets.forEach((partition, offset) -> moved.put(partition, new Moved(committed.get(partition), offset)));
        return moved;
    }

    private CompletableFuture<SortedMap<TopicPartition, Moved>> write(
            ClusterImage image, String groupId, SortedMap<TopicPartition, Moved> moved) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        moved.forEach((partition, to) -> offsets.put(partition, new OffsetAndMetadata(to.offset)));
        return admin.ask(
                        image,
                        client -> client.alterConsumerGroupOffsets(groupId, offsets)
                                .all())
                .thenApply(done -> moved)
                .exceptionallyCompose(failure -> Futures.cause(failure) instanceof UnknownMemberIdException
                        ? CompletableFuture.failedFuture(V3Exception.of(Errors.NON_EMPTY_GROUP, HAS_MEMBERS))
                        : CompletableFuture.failedFuture(failure));
    }
}
