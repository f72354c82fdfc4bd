package io.naru.gateway.group;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Route;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/groups/{g}}, of either protocol:
 *
 * <pre>
 * {"group":"g","type":"consumer","state":"Stable","epoch":7,"assignor":"uniform","lag":3,"lag_seconds":1.2,
 *  "members":[{"member":"…","client_id":"…","host":"…","assignment":[{"topic":"t","partition":0}]}],
 *  "partitions":[{"topic":"t","partition":0,"committed":5,"end":8,"lag":3,"lag_seconds":1.2,"member":"…"}]}
 * </pre>
 */
final class GroupRoute implements Route {

    private static final int FIRST_BYTES = 4_096;
    private static final double MS = 1_000.0;

    private final Groups groups;
    private final GroupSessions sessions;
    private final GroupLag lags;
    private final InstantSource clock;

    GroupRoute(Groups groups, GroupSessions sessions, GroupLag lags, InstantSource clock) {
        this.groups = groups;
        this.sessions = sessions;
        this.lags = lags;
        this.clock = clock;
    }

    @Override
    public void handle(Exchange exchange) {
        exchange.query().allow();
        String group = Groups.groupOf(exchange);
        exchange.suspend();
        GroupDescription.of(group, groups.calls())
                .thenCompose(description -> sessions.committed(group, null)
                        .thenCompose(committed -> lags.read(committed, assigned(description)))
                        .thenApply(partitions -> body(description, partitions)))
                .whenComplete((body, error) -> {
                    if (error != null) {
                        exchange.fail(error);
                    } else {
                        exchange.answer(200, MediaTypes.JSON, body);
                    }
                });
    }

    private static Set<TopicPartition> assigned(GroupDescription group) {
        Set<TopicPartition> all = new HashSet<>();
        group.members().forEach(member -> all.addAll(member.assignment()));
        return all;
    }

    private JsonOut body(GroupDescription group, Map<TopicPartition, GroupLag.Partition> partitions) {
        JsonOut out = new JsonOut(FIRST_BYTES).ascii("{\"group\":").string(group.group());
        out.ascii(",\"type\":").string(group.type()).ascii(",\"state\":").string(group.state());
        if (group.epoch() >= 0) {
            out.ascii(",\"epoch\":").number(group.epoch());
        }
        text(out, ",\"assignor\":", group.assignor().isEmpty() ? null : group.assignor());
        long nowMs = clock.millis();
        long total = 0;
        Double oldest = null;
        for (GroupLag.Partition partition : partitions.values()) {
            total += partition.lag() == null ? 0 : partition.lag();
            Double seconds = seconds(partition, nowMs);
            if (seconds != null && (oldest == null || seconds > oldest)) {
                oldest = seconds;
            }
        }
        out.ascii(",\"lag\":").number(total);
        number(out, ",\"lag_seconds\":", oldest);
        members(out, group);
        partitions(out, group, partitions, nowMs);
        return out.ascii("}\n");
    }

    private static void members(JsonOut out, GroupDescription group) {
        out.ascii(",\"members\":[");
        String separator = "";
        for (GroupDescription.Member member : group.members()) {
            out.ascii(separator).ascii("{\"member\":").string(member.memberId());
            text(out, ",\"instance_id\":", member.instanceId());
            out.ascii(",\"client_id\":").string(member.clientId());
            out.ascii(",\"host\":").string(member.host()).ascii(",\"assignment\":");
            PollAnswer.partitions(out, member.assignment());
            out.put('}');
            separator = ",";
        }
        out.put(']');
    }

    private static void partitions(
            JsonOut out, GroupDescription group, Map<TopicPartition, GroupLag.Partition> partitions, long nowMs) {
        Map<TopicPartition, String> owners = new HashMap<>();
        group.members()
                .forEach(member -> member.assignment().forEach(partition -> owners.put(partition, member.memberId())));
        out.ascii(",\"partitions\":[");
        String separator = "";
        for (Map.Entry<TopicPartition, GroupLag.Partition> one : partitions.entrySet()) {
            GroupLag.Partition partition = one.getValue();
            out.ascii(separator).ascii("{\"topic\":").string(one.getKey().topic());
            out.ascii(",\"partition\":").number(one.getKey().partition());
            number(out, ",\"committed\":", partition.committed());
            number(out, ",\"end\":", partition.end());
            number(out, ",\"lag\":", partition.lag());
            number(out, ",\"lag_seconds\":", seconds(partition, nowMs));
            text(out, ",\"member\":", owners.get(one.getKey()));
            out.put('}');
            separator = ",";
        }
        out.put(']');
    }

    /** How old the first record is that was not read yet. */
    private static @Nullable Double seconds(GroupLag.Partition partition, long nowMs) {
        Long lag = partition.lag();
        if (lag != null && lag == 0) {
            return 0.0;
        }
        Long oldest = partition.oldestMs();
        return oldest == null ? null : Math.max(0, nowMs - oldest) / MS;
    }

    private static void number(JsonOut out, String name, @Nullable Number number) {
        out.ascii(name).ascii(String.valueOf(number));
    }

    private static void text(JsonOut out, String name, @Nullable String text) {
        out.ascii(name);
        if (text == null) {
            out.ascii("null");
        } else {
            out.string(text);
        }
    }
}
