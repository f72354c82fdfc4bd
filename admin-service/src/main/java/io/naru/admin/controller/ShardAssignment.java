package io.naru.admin.controller;

import io.naru.cluster.ShardImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Spreads the group shards over the live coordinators: evenly, and moving no shard that need not move, because its new owner has to
 * read it from the start.
 */
final class ShardAssignment {

    private ShardAssignment() {}

    /**
     * The shards that must change hands, with their new owner and the next epoch.
     *
     * @param shards as they are, in order; those beyond the list are new
     * @param count  how many there must be
     * @param live   coordinators that can own shards
     */
    static List<ShardImage> reassign(List<ShardImage> shards, int count, SortedSet<Integer> live) {
        Map<Integer, List<Integer>> owned = new TreeMap<>();
        live.forEach(id -> owned.put(id, new ArrayList<>()));
        List<Integer> orphans = new ArrayList<>();
        for (int shard = 0; shard < count; shard++) {
            int owner = shard < shards.size() ? shards.get(shard).coordinatorId() : ShardImage.UNOWNED;
            owned.getOrDefault(owner, orphans).add(shard);
        }
        List<ShardImage> changes = new ArrayList<>();
        if (live.isEmpty()) {
            orphans.forEach(shard -> move(shards, shard, ShardImage.UNOWNED, changes));
            return changes;
        }
        takeSurplus(owned, count, orphans);
        orphans.sort(null);
        for (int shard : orphans) {
            int poorest = poorest(owned);
            Objects.requireNonNull(owned.get(poorest)).add(shard);
            move(shards, shard, poorest, changes);
        }
        return changes;
    }

    /** Whoever has most keeps what {@code count} shards leave over after an even split. */
    private static void takeSurplus(Map<Integer, List<Integer>> owned, int count, List<Integer> orphans) {
        int each = count / owned.size();
        int extra = count % owned.size();
        List<List<Integer>> richestFirst = new ArrayList<>(owned.values());
        richestFirst.sort((a, b) -> Integer.compare(b.size(), a.size()));
        for (List<Integer> shards : richestFirst) {
            int quota = each + (extra-- > 0 ? 1 : 0);
            while (shards.size() > quota) {
                orphans.add(shards.remove(shards.size() - 1));
            }
        }
    }

    private static int poorest(Map<Integer, List<Integer>> owned) {
        int poorest = -1;
        int least = Integer.MAX_VALUE;
        for (Map.Entry<Integer, List<Integer>> entry : owned.entrySet()) {
            if (entry.getValue().size() < least) {
                least = entry.getValue().size();
                poorest = entry.getKey();
            }
        }
        return poorest;
    }

    private static void move(List<ShardImage> shards, int shard, int owner, List<ShardImage> changes) {
        if (shard >= shards.size()) {
            changes.add(new ShardImage(shard, owner, 0));
        } else if (shards.get(shard).coordinatorId() != owner) {
            changes.add(new ShardImage(shard, owner, shards.get(shard).epoch() + 1));
        }
    }
}
