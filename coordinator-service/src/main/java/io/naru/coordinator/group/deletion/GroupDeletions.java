package io.naru.coordinator.group.deletion;

import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.Group;
import io.naru.coordinator.group.state.GroupTable;
import io.naru.coordinator.group.state.GroupTimers;
import io.naru.coordinator.group.state.GroupTimers.TimerKey;
import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupRegularExpression;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMember;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMetadata;
import io.naru.coordinator.record.CoordinatorRecord.GroupMetadata;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** DeleteGroups: a group without members goes, with its offsets. */
public final class GroupDeletions {

    private final GroupTable table;
    private final GroupTimers timers;
    private final OffsetDeletions offsets;

    public GroupDeletions(GroupTable table, GroupTimers timers, OffsetDeletions offsets) {
        this.table = table;
        this.timers = timers;
        this.offsets = offsets;
    }

    public Outcome<Errors> delete(String groupId) {
        Group group = table.find(groupId).orElse(null);
        if (group == null && !table.offsets().has(groupId)) {
            return Outcome.answer(Errors.GROUP_ID_NOT_FOUND);
        }
        if (group != null && !group.isEmpty()) {
            return Outcome.answer(Errors.NON_EMPTY_GROUP);
        }
        Changes changes = new Changes(table);
        offsets.deleteAll(groupId, changes);
        if (group != null) {
            delete(group, changes);
        }
        return changes.outcome(Errors.NONE);
    }

    /** Only the group, not its offsets. It must be empty, or its members have been taken over elsewhere. */
    public void delete(Group group, Changes changes) {
        if (group instanceof ConsumerGroup consumerGroup) {
            delete(consumerGroup, changes);
        } else if (group instanceof ClassicGroup classicGroup) {
            delete(classicGroup, changes);
        }
    }

    private void delete(ClassicGroup group, Changes changes) {
        group.pending().forEach(memberId -> timers.cancel(TimerKey.session(group.groupId(), memberId)));
        if (group.written() == null) {
            table.forget(group);
        } else {
            changes.emit(new GroupMetadata(group.groupId(), null));
        }
    }

    /** The epoch goes last: as long as it stands the rest can be deleted again. */
    private static void delete(ConsumerGroup group, Changes changes) {
        String groupId = group.groupId();
        List.copyOf(group.regexes().keySet())
                .forEach(regex -> changes.emit(new ConsumerGroupRegularExpression(groupId, regex, null)));
        List.copyOf(group.targets().keySet())
                .forEach(member -> changes.emit(new ConsumerGroupTargetAssignmentMember(groupId, member, null)));
        changes.emit(new ConsumerGroupTargetAssignmentMetadata(groupId, null));
        changes.emit(new ConsumerGroupMetadata(groupId, null));
    }
}
