package io.naru.coordinator.assignor;

import io.naru.coordinator.record.PartitionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;

/**
 * {@code range}: each topic is cut into as many runs as it has subscribers, the first ones longer by one if need be, and handed out in
 * the members' order. Members stand in the same order for every topic, so topics with the same subscribers and as many partitions are
 * cut alike and can be joined partition by partition. A static member's place goes by its instance id and so survives its restart.
 */
public final class RangeAssignor implements PartitionAssignor {

    /** Its name. */
    public static final String NAME = "range";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SortedMap<String, SortedSet<PartitionId>> assign(AssignmentInput input) {
        SortedMap<String, SortedSet<PartitionId>> assignment = new TreeMap<>();
        input.members().keySet().forEach(memberId -> assignment.put(memberId, new TreeSet<>()));
        Comparator<String> order = Comparator.comparing((String memberId) -> place(input, memberId))
                .thenComparing(Comparator.naturalOrder());
        for (Map.Entry<Uuid, List<String>> topic : input.subscribers().entrySet()) {
            List<String> members = new ArrayList<>(topic.getValue());
            members.sort(order);
            cut(topic.getKey(), input.topics().getOrDefault(topic.getKey(), 0), members, assignment);
        }
        return assignment;
    }

    private static String place(AssignmentInput input, String memberId) {
        AssignmentInput.Member member = input.members().get(memberId);
        String instanceId = member == null ? null : member.instanceId();
        return instanceId == null ? memberId : instanceId;
    }

    private static void cut(
            Uuid topicId, int partitions, List<String> members, SortedMap<String, SortedSet<PartitionId>> assignment) {
        int each = partitions / members.size();
        int longer = partitions % members.size();
        int next = 0;
        for (int i = 0; i < members.size(); i++) {
            int end = next + each + (i < longer ? 1 : 0);
            for (; next < end; next++) {
                assignment.computeIfAbsent(members.get(i), m -> new TreeSet<>()).add(new PartitionId(topicId, next));
            }
        }
    }
}
