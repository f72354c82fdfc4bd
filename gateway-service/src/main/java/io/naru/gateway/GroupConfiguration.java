package io.naru.gateway;

import io.naru.gateway.HttpConfiguration.Routes;
import io.naru.gateway.consumer.ConsumerProperties;
import io.naru.gateway.consumer.ConsumerResource;
import io.naru.gateway.cursor.CursorKey;
import io.naru.gateway.group.GroupProperties;
import io.naru.gateway.group.GroupRoutes;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.produce.ProduceBatcher;
import io.naru.gateway.produce.TopicDirectory;
import io.naru.gateway.read.ReadServices;
import io.naru.gateway.topic.TopicCalls;
import io.naru.protocol.client.CoordinatorCache;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.MetadataCache;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Groups over HTTP. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({GroupProperties.class, ConsumerProperties.class})
class GroupConfiguration {

    @Bean
    CursorKey cursorKey(GatewayProperties properties, MetadataCache metadata) {
        return new CursorKey(properties.cursorSecret(), metadata);
    }

    @Bean
    GroupRoutes groupCalls(
            BodyReader bodies,
            CursorKey cursors,
            KafkaClient client,
            MetadataCache metadata,
            CoordinatorCache coordinators,
            ReadServices reads,
            GroupProperties properties) {
        return new GroupRoutes(
                bodies, cursors, client, metadata, coordinators, reads, properties, InstantSource.system());
    }

    @Bean
    Routes groupRoutes(GroupRoutes groups) {
        return groups::addTo;
    }

    @Bean
    Routes consumerRoutes(
            ConsumerProperties properties,
            GroupRoutes groups,
            BodyReader bodies,
            TopicCalls topics,
            TopicDirectory directory,
            ProduceBatcher batcher,
            ReadServices reads) {
        ConsumerResource consumers =
                new ConsumerResource(properties, groups.sessions(), bodies, topics, directory, batcher, reads);
        return consumers::addTo;
    }
}
