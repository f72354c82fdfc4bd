package io.naru.gateway;

import io.naru.gateway.HttpConfiguration.Routes;
import io.naru.gateway.http.LimitsProperties;
import io.naru.gateway.http.MemoryBudget;
import io.naru.gateway.read.FetchTurns;
import io.naru.gateway.read.Isolation;
import io.naru.gateway.read.PageRoute;
import io.naru.gateway.read.PartitionReads;
import io.naru.gateway.read.ReadProperties;
import io.naru.gateway.read.ReadServices;
import io.naru.gateway.read.RecordRoute;
import io.naru.gateway.read.TailHub;
import io.naru.gateway.read.TopicReadRoute;
import io.naru.gateway.read.Waiting;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.MetadataCache;
import io.netty.util.Timer;
import java.util.concurrent.ExecutorService;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Reading. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ReadProperties.class)
class ReadConfiguration {

    private static final int FETCHING_STREAMS_MAX = 8;

    @Bean
    PartitionReads partitionReads(KafkaClient client, MetadataCache metadata, Timer timer, ReadProperties properties) {
        return new PartitionReads(client, metadata, timer, properties);
    }

    @Bean
    ReadServices readServices(
            KafkaClient client,
            PartitionReads reads,
            Timer timer,
            ExecutorService workers,
            ReadProperties properties,
            LimitsProperties limits) {
        return new ReadServices(
                reads,
                new TailHub(client, reads, timer, properties, Isolation.READ_UNCOMMITTED),
                new TailHub(client, reads, timer, properties, Isolation.READ_COMMITTED),
                new Waiting(limits.longPolls(), timer),
                new FetchTurns(FETCHING_STREAMS_MAX),
                new MemoryBudget(properties.memory().toBytes()),
                workers,
                timer,
                properties,
                limits);
    }

    /** Ends what waits before the web server begins to wait for it. */
    @Bean
    SmartLifecycle endOfWaiting(ReadServices services) {
        return new SmartLifecycle() {
            private volatile boolean running;

            @Override
            public void start() {
                running = true;
            }

            @Override
            public void stop() {
                services.waiting().close();
                running = false;
            }

            @Override
            public boolean isRunning() {
                return running;
            }
        };
    }

    @Bean
    Routes readRoutes(ReadServices services) {
        return router -> router.add("GET", "/v1/topics/*/records", new TopicReadRoute(services))
                .add("GET", "/v1/topics/*/partitions/*/records", new PageRoute(services))
                .add("GET", "/v1/topics/*/partitions/*/records/*", new RecordRoute(services));
    }
}
