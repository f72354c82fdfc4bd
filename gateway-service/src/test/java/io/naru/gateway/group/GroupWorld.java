package io.naru.gateway.group;

import static org.awaitility.Awaitility.await;

import io.naru.gateway.fake.FakeBroker;
import io.naru.gateway.fake.RunningGateway;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Gateways in front of a broker and a coordinator in memory, and names that no other test has. */
public final class GroupWorld implements AutoCloseable {

    private static final AtomicInteger NAMES = new AtomicInteger();

    private final FakeBroker broker = new FakeBroker();
    private final FakeCoordinator coordinator = new FakeCoordinator(broker);
    private final List<RunningGateway> gateways = new ArrayList<>();

    public GroupWorld(int count, String... properties) {
        broker.start();
        for (int i = 0; i < count; i++) {
            gateways.add(RunningGateway.start(broker.bootstrap(), properties));
        }
    }

    public FakeBroker broker() {
        return broker;
    }

    public FakeCoordinator coordinator() {
        return coordinator;
    }

    public RunningGateway gateway(int i) {
        return gateways.get(i);
    }

    PollClient client(int gateway, String group) {
        return new PollClient(gateways.get(gateway), group);
    }

    /** A new topic. */
    public String topic(int partitions) {
        String name = "topic-" + NAMES.incrementAndGet();
        broker.topic(name, partitions);
        return name;
    }

    public static String group() {
        return "group-" + NAMES.incrementAndGet();
    }

    /** Writes values, a batch each. */
    public void write(String topic, int partition, String... values) {
        for (String value : values) {
            broker.log(topic, partition)
                    .append(MemoryRecords.withRecords(
                            Compression.NONE, new SimpleRecord(1_000L, value.getBytes(StandardCharsets.UTF_8))));
        }
    }

    /** Writes values as one batch. */
    public void writeBatch(String topic, int partition, String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(1_000L, values[i].getBytes(StandardCharsets.UTF_8));
        }
        broker.log(topic, partition).append(MemoryRecords.withRecords(Compression.NONE, records));
    }

    public static void eventually(BooleanSupplier condition) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(15))
                .until(condition::getAsBoolean);
    }

    @Override
    public void close() {
        gateways.forEach(RunningGateway::close);
        broker.close();
    }
}
