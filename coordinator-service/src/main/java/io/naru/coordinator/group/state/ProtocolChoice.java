package io.naru.coordinator.group.state;

import io.naru.coordinator.record.MemberSubscription.ClassicProtocol;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which protocol a classic group uses: of those that all members support, the one that most like best. */
public final class ProtocolChoice {

    private ProtocolChoice() {}

    /** The winner; among equals the one that the earlier member likes best. */
    public static String of(Collection<ClassicMember> members) {
        Set<String> candidates = common(members);
        Map<String, Integer> votes = new LinkedHashMap<>();
        for (ClassicMember member : members) {
            member.vote(candidates).ifPresent(name -> votes.merge(name, 1, Integer::sum));
        }
        String winner = null;
        int most = 0;
        for (Map.Entry<String, Integer> vote : votes.entrySet()) {
            if (vote.getValue() > most) {
                winner = vote.getKey();
                most = vote.getValue();
            }
        }
        if (winner == null) {
            throw new IllegalStateException("members without a common protocol were let in");
        }
        return winner;
    }

    private static Set<String> common(Collection<ClassicMember> members) {
        Set<String> common = new LinkedHashSet<>();
        members.iterator().next().protocols().stream()
                .map(ClassicProtocol::name)
                .forEach(common::add);
        for (ClassicMember member : members) {
            common.removeIf(name -> !member.supports(name));
        }
        return common;
    }
}
