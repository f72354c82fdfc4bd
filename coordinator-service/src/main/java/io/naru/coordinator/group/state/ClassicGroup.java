package io.naru.coordinator.group.state;

import io.naru.coordinator.record.Bytes;
import io.naru.coordinator.record.ClassicGroupValue;
import io.naru.coordinator.record.CoordinatorRecord.GroupMetadata;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A group of the classic protocol. It is known twice over: as it was last written ({@link #written}, changed by replay alone), and as it
 * is now, with those who are on their way in or out. The second grows from the first when the shard is loaded ({@link #wake}), and is
 * lost with the coordinator.
 *
 * <p>Invariants: in {@code Stable} both agree; the leader is a member; a static member's instance id leads to it; the generation never
 * goes back while anyone could know it.
 */
public final class ClassicGroup implements Group {

    public static final String CONSUMER = "consumer";

    private static final int RECORD_BYTES_MAX = 900_000;

    private final String groupId;
    private @Nullable ClassicGroupValue written;
    private ClassicPhase phase = new ClassicPhase.Empty();
    private long phaseSinceMs = -1;
    private String protocolType = "";
    private int generation;
    private @Nullable String protocol;
    private @Nullable String leader;
    private final Map<String, ClassicMember> members = new LinkedHashMap<>();
    private final Map<String, String> staticMembers = new HashMap<>();
    /** How many members support each protocol. */
    private final Map<String, Integer> support = new HashMap<>();

    private long metadataBytes;
    /** Ids that were given to those who have to join again with them. */
    private final Set<String> pending = new LinkedHashSet<>();

    public ClassicGroup(String groupId) {
        this.groupId = groupId;
    }

    @Override
    public String groupId() {
        return groupId;
    }

    @Override
    public boolean isEmpty() {
        return phase instanceof ClassicPhase.Empty;
    }

    @Override
    public String type() {
        return "classic";
    }

    @Override
    public String state() {
        return phase.kafkaName();
    }

    @Override
    public String protocolType() {
        return protocolType;
    }

    /** The group as the log has it; null for one that has never come so far. */
    @Nullable
    public ClassicGroupValue written() {
        return written;
    }

    void replay(ClassicGroupValue value) {
        written = value;
    }

    /** Takes up what was written. */
    public void wake() {
        ClassicGroupValue value = written;
        if (value == null) {
            return;
        }
        members.clear();
        staticMembers.clear();
        support.clear();
        metadataBytes = 0;
        pending.clear();
        protocolType = value.protocolType();
        generation = value.generation();
        protocol = value.protocol();
        leader = value.leader();
        value.members().forEach(member -> put(ClassicMember.of(member, value.protocol())));
        phaseSinceMs = value.currentStateTimestampMs();
        phase = members.isEmpty() ? new ClassicPhase.Empty() : new ClassicPhase.Stable(Set.of());
    }

    /** The group of consumers that these members of another protocol's group make, each with what it has. */
    public void become(int newGeneration, Collection<ClassicMember> with, long nowMs) {
        protocolType = CONSUMER;
        generation = newGeneration;
        with.forEach(this::put);
        protocol = ProtocolChoice.of(members.values());
        enter(new ClassicPhase.Stable(Set.of()), nowMs);
    }

    /** Whether the log takes the group as it is now: a group is one record, and none may be larger than a megabyte. */
    public boolean fitsIntoRecord() {
        return members.values().stream()
                        .mapToLong(member -> member.bytes(protocol))
                        .sum()
                <= RECORD_BYTES_MAX;
    }

    /** The record that makes the group's present state the written one. */
    public GroupMetadata toRecord() {
        return new GroupMetadata(
                groupId,
                new ClassicGroupValue(
                        protocolType,
                        generation,
                        protocol,
                        leader,
                        phaseSinceMs,
                        members.values().stream()
                                .map(member -> member.toWrite(protocol))
                                .toList()));
    }

    public ClassicPhase phase() {
        return phase;
    }

    /** When the group came into its phase. */
    public long phaseSinceMs() {
        return phaseSinceMs;
    }

    public void enter(ClassicPhase next, long nowMs) {
        phase = next;
        phaseSinceMs = nowMs;
    }

    public int generation() {
        return generation;
    }

    /** The assignor chosen; null before the first generation and without members. */
    @Nullable
    public String protocol() {
        return protocol;
    }

    @Nullable
    public String leader() {
        return leader;
    }

    public boolean isLeader(String memberId) {
        return memberId.equals(leader);
    }

    public void lead(@Nullable String memberId) {
        leader = memberId;
    }

    /** A new generation of those who are members now. */
    public void nextGeneration() {
        generation++;
        protocol = members.isEmpty() ? null : ProtocolChoice.of(members.values());
        if (members.isEmpty()) {
            leader = null;
        }
    }

    public Collection<ClassicMember> members() {
        return members.values();
    }

    public int size() {
        return members.size();
    }

    public Optional<ClassicMember> member(String memberId) {
        return Optional.ofNullable(members.get(memberId));
    }

    public Optional<ClassicMember> staticMember(String instanceId) {
        return Optional.ofNullable(staticMembers.get(instanceId)).map(members::get);
    }

    /**
     * The member, if it is who it says it is.
     *
     * @throws org.apache.kafka.common.errors.ApiException 25 if there is no such member, 82 if its instance id is another's now
     */
    public ClassicMember identify(String memberId, @Nullable String instanceId) {
        if (instanceId != null) {
            String owner = staticMembers.get(instanceId);
            if (owner != null && !owner.equals(memberId)) {
                throw Errors.FENCED_INSTANCE_ID.exception("instance " + instanceId + " is another member now");
            }
            if (owner == null) {
                throw unknown(memberId);
            }
        }
        ClassicMember member = members.get(memberId);
        if (member == null) {
            throw unknown(memberId);
        }
        return member;
    }

    public RuntimeException unknown(String memberId) {
        return Errors.UNKNOWN_MEMBER_ID.exception("group " + groupId + " has no member " + memberId);
    }

    /** A new member, or one that says something else about itself. */
    public void put(ClassicMember member) {
        if (members.isEmpty() && leader == null) {
            leader = member.memberId();
        }
        ClassicMember before = members.put(member.memberId(), member);
        if (before != null) {
            count(before, -1);
        }
        count(member, 1);
        pending.remove(member.memberId());
        if (member.groupInstanceId() != null) {
            staticMembers.put(member.groupInstanceId(), member.memberId());
        }
    }

    public void assign(String memberId, Bytes assignment) {
        members.computeIfPresent(memberId, (id, member) -> member.with(assignment));
    }

    public void remove(ClassicMember member) {
        if (members.remove(member.memberId()) != null) {
            count(member, -1);
        }
        if (member.groupInstanceId() != null) {
            staticMembers.remove(member.groupInstanceId(), member.memberId());
        }
        if (isLeader(member.memberId())) {
            leader = members.isEmpty() ? null : members.keySet().iterator().next();
        }
    }

    private void count(ClassicMember member, int delta) {
        member.protocols().forEach(protocol -> support.merge(protocol.name(), delta, Integer::sum));
        support.values().removeIf(count -> count == 0);
        metadataBytes += delta * member.metadataBytes();
    }

    /** What its members say about themselves, in bytes. */
    public long metadataBytes() {
        return metadataBytes;
    }

    /** The first of a group says what protocol it is for. */
    public void protocolType(String type) {
        protocolType = type;
    }

    public Set<String> pending() {
        return pending;
    }

    /** Whether a member with these protocols could be in a group with the others. */
    public boolean accepts(String type, Set<String> protocols) {
        if (type.isEmpty() || protocols.isEmpty()) {
            return false;
        }
        return members.isEmpty()
                || (type.equals(protocolType)
                        && protocols.stream().anyMatch(name -> support.getOrDefault(name, 0) == members.size()));
    }

    /** How long members may take to come together: as long as the slowest asks for. */
    public int rebalanceTimeoutMs() {
        return members.values().stream()
                .mapToInt(ClassicMember::rebalanceTimeoutMs)
                .max()
                .orElse(0);
    }

    /** Topics its members subscribe to; nothing is known of members that are no consumers. */
    public Optional<Set<String>> subscribedTopics() {
        if (!protocolType.equals(CONSUMER)) {
            return Optional.empty();
        }
        Set<String> topics = new LinkedHashSet<>();
        for (ClassicMember member : members.values()) {
            Optional<Set<String>> its = ClassicSubscriptions.topics(member);
            if (its.isEmpty()) {
                return Optional.empty();
            }
            topics.addAll(its.get());
        }
        return Optional.of(Collections.unmodifiableSet(topics));
    }
}
