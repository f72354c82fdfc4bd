package io.naru.coordinator.view;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.group.view.GroupView;
import io.naru.coordinator.shard.ShardTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Groups in numbers: {@code naru.coordinator.groups} by state, {@code naru.coordinator.group.lag} in records and
 * {@code naru.coordinator.group.lag.time} in seconds by group. Looks now and then, one look at a time; scraping costs nothing. A group's
 * name is a stranger's word, so there is a limit to how many are labels.
 */
final class LagMetrics implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LagMetrics.class);

    private final ShardTable shards;
    private final LagReader lags;
    private final int groupsMax;
    private final MultiGauge byState;
    private final MultiGauge records;
    private final MultiGauge seconds;
    private final ScheduledExecutorService thread;

    private record Known(GroupView group, List<GroupView.Offset> offsets) {}

    LagMetrics(ShardTable shards, LagReader lags, LagMetricsProperties properties, MeterRegistry registry) {
        this.shards = shards;
        this.lags = lags;
        this.groupsMax = properties.lagGroupsMax();
        byState = MultiGauge.builder("naru.coordinator.groups")
                .description("Groups that live here, by state")
                .register(registry);
        records = MultiGauge.builder("naru.coordinator.group.lag")
                .description("Records that a group has not read yet, all its partitions together")
                .baseUnit("records")
                .register(registry);
        seconds = MultiGauge.builder("naru.coordinator.group.lag.time")
                .description("Age of the oldest record that a group has not read yet; NaN when it is not known")
                .baseUnit("seconds")
                .register(registry);
        thread = Executors.newSingleThreadScheduledExecutor(look -> {
            Thread made = new Thread(look, "coordinator-lag");
            made.setDaemon(true);
            return made;
        });
        long every = properties.lagInterval().toMillis();
        if (every > 0) {
            thread.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        try {
            publish(known().get(1, TimeUnit.MINUTES));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.atWarn().addKeyValue("cause", e.toString()).log("Could not see how far groups are behind");
        }
    }

    private CompletableFuture<List<Known>> known() {
        List<CompletableFuture<List<Known>>> asked = shards
                .<List<Known>>submitToAll((groups, now) -> Outcome.answer(groups.view().stream()
                        .map(group -> new Known(group, groups.offsets(group.groupId())))
                        .toList()))
                .stream()
                .map(answer -> answer.exceptionally(notLoaded -> List.of()))
                .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> asked.stream()
                        .map(CompletableFuture::join)
                        .flatMap(List::stream)
                        .toList());
    }

    private void publish(List<Known> all) throws Exception {
        Map<String, Long> states = all.stream()
                .map(known -> known.group().state())
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        byState.register(
                states.entrySet().stream()
                        .map(state -> Row.of(Tags.of("state", state.getKey()), state.getValue()))
                        .toList(),
                true);
        SortedMap<String, List<GroupView.Offset>> byGroup = new TreeMap<>();
        all.forEach(known -> byGroup.put(known.group().groupId(), known.offsets()));
        List<Row<?>> behind = new ArrayList<>();
        List<Row<?>> since = new ArrayList<>();
        for (Map.Entry<String, List<GroupView.Offset>> group : byGroup.entrySet()) {
            if (behind.size() == groupsMax) {
                break;
            }
            GroupAnswers.Lag lag = GroupAnswers.Lag.of(
                    group.getKey(), lags.read(group.getValue()).get(1, TimeUnit.MINUTES));
            Tags tags = Tags.of("group", group.getKey());
            behind.add(Row.of(tags, lag.totalLag()));
            Double age = lag.maxLagSeconds();
            since.add(Row.of(tags, age == null ? Double.NaN : age));
        }
        records.register(behind, true);
        seconds.register(since, true);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
