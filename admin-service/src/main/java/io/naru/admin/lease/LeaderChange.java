package io.naru.admin.lease;

import io.naru.admin.controller.Change;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.PartitionName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A partition's leadership has moved.
 *
 * @param partition which
 * @param now       as it is now
 * @param kind      who leads it now, in the words of the election
 */
record LeaderChange(PartitionName partition, PartitionImage now, Kind kind) {

    /** Who was elected. */
    enum Kind {
        /** The preferred replica, while the former leader was well. */
        PREFERRED,
        /** A replica that was in sync. */
        IN_SYNC,
        /** One that was eligible, with every committed record (KIP-966). */
        ELIGIBLE,
        /** One that may lack records. */
        UNCLEAN,
        /** Nobody. */
        NONE
    }

    /** Those among {@code changes}, in their order. */
    static List<LeaderChange> among(List<Change> changes, ClusterImage before) {
        Map<PartitionName, PartitionImage> known = new HashMap<>();
        List<LeaderChange> found = new ArrayList<>();
        for (Change change : changes) {
            if (change instanceof Change.PartitionChanged changed) {
                PartitionName name =
                        new PartitionName(changed.topic(), changed.partition().partition());
                PartitionImage now = changed.partition();
                PartitionImage was = known.containsKey(name)
                        ? known.get(name)
                        : before.partition(name.topic(), name.partition()).orElse(null);
                known.put(name, now);
                if (was != null && was.leader() != now.leader()) {
                    found.add(new LeaderChange(name, now, kind(was, now)));
                }
            }
        }
        return found;
    }

    private static Kind kind(PartitionImage was, PartitionImage now) {
        if (now.leader() == PartitionImage.NO_LEADER) {
            return Kind.NONE;
        }
        if (was.isr().contains(now.leader())) {
            boolean stayedWell = now.isr().contains(was.leader());
            return stayedWell && now.replicas().get(0) == now.leader() ? Kind.PREFERRED : Kind.IN_SYNC;
        }
        return was.elr().contains(now.leader()) ? Kind.ELIGIBLE : Kind.UNCLEAN;
    }
}
