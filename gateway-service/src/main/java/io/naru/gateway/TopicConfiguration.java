package io.naru.gateway;

import io.naru.gateway.HttpConfiguration.Routes;
import io.naru.gateway.consumer.ConsumerDialect;
import io.naru.gateway.consumer.ConsumerProperties;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.LimitsProperties;
import io.naru.gateway.produce.ProduceBatcher;
import io.naru.gateway.produce.TopicDirectory;
import io.naru.gateway.produce.WriteManners;
import io.naru.gateway.topic.EndpointsRoute;
import io.naru.gateway.topic.TopicCalls;
import io.naru.gateway.topic.TopicRoutes;
import io.naru.gateway.v2.AdminTopicsRoute;
import io.naru.gateway.v2.MetadataRoutes;
import io.naru.gateway.v2.ProduceRoute;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.MetadataCache;
import io.netty.util.Timer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Topics, and the older API that is mostly about them. */
@Configuration(proxyBeanMethods = false)
class TopicConfiguration {

    @Bean
    TopicCalls topicCalls(KafkaClient client, MetadataCache metadata, Timer timer) {
        return new TopicCalls(client, metadata, timer);
    }

    @Bean
    Routes topicRoutes(BodyReader bodies, TopicCalls calls, TopicDirectory directory, LimitsProperties limits) {
        TopicRoutes topics = new TopicRoutes(bodies, calls, directory, limits);
        return router -> {
            topics.addTo(router);
            router.add("GET", "/", new EndpointsRoute(router));
        };
    }

    @Bean
    Routes v2Routes(
            BodyReader bodies,
            TopicCalls calls,
            TopicDirectory directory,
            ProduceBatcher batcher,
            LimitsProperties limits,
            WriteManners manners,
            ConsumerProperties v2) {
        boolean strimzi = v2.dialect() == ConsumerDialect.STRIMZI;
        MetadataRoutes metadata = new MetadataRoutes(calls, strimzi);
        return router -> {
            metadata.addTo(router);
            router.add(
                            "POST",
                            "/topics/*",
                            new ProduceRoute(bodies, directory, batcher, limits, manners, false, strimzi))
                    .add(
                            "POST",
                            "/topics/*/partitions/*",
                            new ProduceRoute(bodies, directory, batcher, limits, manners, true, strimzi));
            if (strimzi) {
                router.add("POST", "/admin/topics", new AdminTopicsRoute(bodies, calls, limits.jsonDepth()));
            }
        };
    }
}
