package io.naru.simulation;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A consumer that reads one partition after another, each from where it stands. */
final class Consumer {

    private final Simulation world;
    private final SimulatedProcess process;
    private final Random random;
    private final ClientView view;
    private final Map<Place, PartitionReader> readers = new HashMap<>();

    Consumer(Simulation world, SimulatedProcess process, Random random) {
        this.world = world;
        this.process = process;
        this.random = random;
        this.view = new ClientView(world, process, random);
        process.execute(this::consume);
    }

    private void again(long delayUs) {
        process.after(delayUs, this::consume);
    }

    private void consume() {
        view.refresh();
        ClusterImage image = view.image();
        List<TopicImage> topics = image == null ? List.of() : Simulation.topicsOfClients(image);
        if (topics.isEmpty()) {
            again(100_000);
            return;
        }
        TopicImage topic = topics.get(random.nextInt(topics.size()));
        PartitionImage partition =
                topic.partitions().get(random.nextInt(topic.partitions().size()));
        if (partition.leader() == PartitionImage.NO_LEADER) {
            again(100_000);
            return;
        }
        fetch(new Place(topic.topicId(), partition.partition()), partition);
    }

    private void fetch(Place place, PartitionImage partition) {
        readers.computeIfAbsent(place, p -> new PartitionReader(world, view, p, 0, -1, offset -> {}))
                .read(partition)
                .thenAccept(good -> again(good ? 1_000 + random.nextInt(50_000) : 100_000));
    }
}
