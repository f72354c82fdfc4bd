package io.naru.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;

/**
 * Starts a service. Several may run in one JVM and may be started from several threads at once: they share the JVM's logging and
 * nothing else.
 */
public final class NaruService {

    private static final String DEFAULTS = "service-defaults.properties";

    /**
     * Logging is one per JVM and Boot sets it up at the beginning of every start, which is not made for two starts at a time. The
     * first one in configures it, the others find it done; held until the environment is prepared, a small part of a start.
     */
    private static final ReentrantLock LOGGING_SETUP = new ReentrantLock();

    private NaruService() {}

    /**
     * Starts {@code application} and returns once it is ready: ports bound, run file written.
     *
     * @param application the service's {@code @SpringBootApplication} class
     * @param name        {@code admin}, {@code broker}, {@code coordinator} or {@code gateway}: configuration is read from
     *                    {@code <name>-service.yml}, the run file is {@code <name>.json}
     * @param args        command line, {@code --property=value}
     * @return the running service; closing it stops the service
     */
    public static ConfigurableApplicationContext run(Class<?> application, String name, String... args) {
        SpringApplication spring = new SpringApplication(application, ServiceShell.class);
        spring.setMainApplicationClass(application);
        spring.setBannerMode(Banner.Mode.OFF);
        spring.setDefaultProperties(defaults(name));
        spring.addListeners(new LoggingSetUp());
        LOGGING_SETUP.lock();
        try {
            return spring.run(args);
        } finally {
            LoggingSetUp.done();
        }
    }

    private static Properties defaults(String name) {
        Properties defaults = new Properties();
        try (InputStream file = NaruService.class.getResourceAsStream(DEFAULTS)) {
            if (file == null) {
                throw new IllegalStateException(DEFAULTS + " is missing from the service-support jar");
            }
            defaults.load(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        defaults.setProperty("naru.service.name", name);
        defaults.setProperty("spring.application.name", name);
        defaults.setProperty("spring.config.name", name + "-service");
        defaults.setProperty("management.metrics.tags.service", name);
        return defaults;
    }

    /** Lets the next start begin as soon as this one's logging is set up. */
    private static final class LoggingSetUp
            implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

        @Override
        public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
            done();
        }

        static void done() {
            if (LOGGING_SETUP.isHeldByCurrentThread()) {
                LOGGING_SETUP.unlock();
            }
        }

        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }
    }
}
