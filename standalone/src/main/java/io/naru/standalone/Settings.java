package io.naru.standalone;

import java.nio.file.Path;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * What has to be known before the first service starts: ports that one service must be told of another. Command line, system
 * properties and environment, in this order; services read everything else themselves.
 *
 * @param bindAddress address of all listeners
 * @param dataDir     where everything is kept
 * @param adminPort   admin's HTTP port; 0 if it is not known before admin has started
 * @param kafkaPort   broker's Kafka port; 0 likewise
 */
record Settings(String bindAddress, Path dataDir, int adminPort, int kafkaPort) {

    static Settings of(String... args) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(args));
        return of(environment);
    }

    private static Settings of(Environment environment) {
        return new Settings(
                environment.getProperty("naru.bind-address", "127.0.0.1"),
                Path.of(environment.getProperty("naru.data-dir", "./data"))
                        .toAbsolutePath()
                        .normalize(),
                environment.getProperty("naru.admin.port", Integer.class, 8081),
                environment.getProperty("naru.broker.kafka.port", Integer.class, 9092));
    }

    /** The address at which a process on this machine reaches what is bound to {@link #bindAddress}. */
    String dialAddress() {
        return bindAddress.equals("0.0.0.0") || bindAddress.equals("::") ? "127.0.0.1" : bindAddress;
    }
}
