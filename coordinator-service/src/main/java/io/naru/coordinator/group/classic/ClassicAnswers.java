package io.naru.coordinator.group.classic;

import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.ClassicMember;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Answers to members of classic groups. */
public final class ClassicAnswers {

    private static final int NO_GENERATION = -1;

    private ClassicAnswers() {}

    /** The present generation. The leader is told of everyone, for it assigns. */
    static JoinGroupResponseData joined(ClassicGroup group, String memberId) {
        return joined(group, memberId, group.leader(), false);
    }

    /**
     * The present generation, to a member that must not assign anew.
     *
     * @param leader         who it is told leads
     * @param skipAssignment it is told of everyone, and to leave the assignment as it is (version 9, KIP-814)
     */
    static JoinGroupResponseData joined(
            ClassicGroup group, String memberId, @Nullable String leader, boolean skipAssignment) {
        List<JoinGroupResponseMember> members = memberId.equals(leader)
                ? group.members().stream()
                        .map(member -> new JoinGroupResponseMember()
                                .setMemberId(member.memberId())
                                .setGroupInstanceId(member.groupInstanceId())
                                .setMetadata(member.metadata(group.protocol()).toArray()))
                        .toList()
                : List.of();
        return new JoinGroupResponseData()
                .setMemberId(memberId)
                .setGenerationId(group.generation())
                .setProtocolType(group.protocolType())
                .setProtocolName(group.protocol())
                .setLeader(leader == null ? "" : leader)
                .setSkipAssignment(skipAssignment)
                .setMembers(members);
    }

    /** A refusal, with the member id to come again with, if any. */
    public static JoinGroupResponseData refused(String memberId, Errors error) {
        return new JoinGroupResponseData()
                .setMemberId(memberId)
                .setErrorCode(error.code())
                .setGenerationId(NO_GENERATION)
                .setLeader("")
                .setProtocolName(null);
    }

    static SyncGroupResponseData synced(ClassicGroup group, ClassicMember member) {
        return new SyncGroupResponseData()
                .setProtocolType(group.protocolType())
                .setProtocolName(group.protocol())
                .setAssignment(member.assignment().toArray());
    }
}
