package io.naru.simulation;

import io.naru.cluster.ClusterImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one client knows of the cluster, and its connections. Asks some broker it can reach, and never goes back. */
final class ClientView {

    private final Simulation world;
    private final SimulatedProcess process;
    private final String clientId;
    private final Random random;
    private final Map<String, Connection> connections = new TreeMap<>();
    private @Nullable ClusterImage image;
    private boolean asking;

    ClientView(Simulation world, SimulatedProcess process, Random random) {
        this(world, process, process.name(), random);
    }

    ClientView(Simulation world, SimulatedProcess process, String clientId, Random random) {
        this.world = world;
        this.process = process;
        this.clientId = clientId;
        this.random = random;
    }

    @Nullable
    ClusterImage image() {
        return image;
    }

    /** Learns what a broker knows, a little later. */
    void refresh() {
        if (asking) {
            return;
        }
        asking = true;
        process.after(1_000 + random.nextInt(20_000), () -> {
            asking = false;
            List<BrokerMachine> reachable = new ArrayList<>();
            for (BrokerMachine broker : world.brokers()) {
                if (!world.network().isCut(process.name(), broker.name())
                        && !world.network().isCut(broker.name(), process.name())
                        && broker.process() != null
                        && !broker.process().process().paused()) {
                    reachable.add(broker);
                }
            }
            if (reachable.isEmpty()) {
                return;
            }
            BrokerProcess asked =
                    reachable.get(random.nextInt(reachable.size())).process();
            asked.image().ifPresent(told -> {
                if (image == null || told.isNewerThan(image)) {
                    image = told;
                }
            });
        });
    }

    Connection connection(int broker) {
        return connection("broker-" + broker, "");
    }

    /** Requests of another lane do not wait for each other's answers. */
    Connection connection(String host, String lane) {
        String name = host + "/" + lane;
        Connection known = connections.get(name);
        if (known == null || known.closed()) {
            known = world.connect(process, clientId, host);
            connections.put(name, known);
        }
        return known;
    }
}
