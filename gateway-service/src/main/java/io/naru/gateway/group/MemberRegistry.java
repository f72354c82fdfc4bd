package io.naru.gateway.group;

import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The members that this gateway serves, up to a limit, and why those that were here lately are not any more. Thread-safe. */
final class MemberRegistry {

    private static final int DEPARTED_MAX = 4_096;
    private static final int NUDGED_MAX = 64;

    private final int membersMax;
    private final Map<MemberKey, GroupMember> members = new ConcurrentHashMap<>();
    private final Map<String, Set<GroupMember>> byGroup = new ConcurrentHashMap<>();
    private final Map<MemberKey, Problem> departed = new LinkedHashMap<>();

    MemberRegistry(int membersMax) {
        this.membersMax = membersMax;
    }

    @Nullable
    GroupMember find(MemberKey key) {
        return members.get(key);
    }

    /** The member, made now if it is not here. */
    GroupMember findOrAdd(MemberKey key, Supplier<GroupMember> newcomer) {
        GroupMember known = members.get(key);
        if (known != null) {
            return known;
        }
        if (members.size() >= membersMax) {
            throw Problem.passing(
                            ProblemKind.OVERLOADED,
                            "this gateway serves as many members as it may (naru.gateway.group.members-max); retry, or ask "
                                    + "another gateway")
                    .exception();
        }
        return members.computeIfAbsent(key, k -> {
            GroupMember member = newcomer.get();
            byGroup.compute(k.group(), (g, others) -> {
                Set<GroupMember> all = others == null ? ConcurrentHashMap.newKeySet() : others;
                all.add(member);
                return all;
            });
            return member;
        });
    }

    void remove(GroupMember member, Problem why) {
        MemberKey key = member.key();
        if (members.remove(key, member)) {
            byGroup.computeIfPresent(key.group(), (g, all) -> {
                all.remove(member);
                return all.isEmpty() ? null : all;
            });
            synchronized (departed) {
                departed.put(key, why);
                if (departed.size() > DEPARTED_MAX) {
                    departed.remove(departed.keySet().iterator().next());
                }
            }
        }
    }

    /** Why a member that was here lately is gone for good; null when that is not known. */
    @Nullable
    Problem whyGone(MemberKey key) {
        synchronized (departed) {
            Problem why = departed.get(key);
            return why != null && why.kind() == ProblemKind.MEMBER_GONE ? why : null;
        }
    }

    /**
     * Lets the other members of a group that are served here heartbeat now, so that a rebalance does not wait for their next turn. In a
     * large group that would be too much of a good thing.
     */
    void nudgeOthers(GroupMember member) {
        Set<GroupMember> all = byGroup.get(member.key().group());
        if (all == null || all.size() > NUDGED_MAX) {
            return;
        }
        List<GroupMember> others = new ArrayList<>(all);
        others.remove(member);
        others.forEach(other -> other.submit(other.membership()::nudged));
    }

    int size() {
        return members.size();
    }
}
