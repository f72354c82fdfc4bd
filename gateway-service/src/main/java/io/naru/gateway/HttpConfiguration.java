package io.naru.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.naru.gateway.consumer.ConsumerDialect;
import io.naru.gateway.consumer.ConsumerProperties;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Cors;
import io.naru.gateway.http.CorsProperties;
import io.naru.gateway.http.Dialect;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.GatewayServlet;
import io.naru.gateway.http.LimitsProperties;
import io.naru.gateway.http.MemoryBudget;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.RequestIds;
import io.naru.gateway.http.Route;
import io.naru.gateway.http.RouteTimes;
import io.naru.gateway.http.Router;
import io.naru.gateway.http.StreamMemory;
import io.naru.gateway.produce.IdentifiedProduce;
import io.naru.gateway.produce.IdentifiedWrites;
import io.naru.gateway.produce.NdjsonProduce;
import io.naru.gateway.produce.ProduceBatcher;
import io.naru.gateway.produce.ProduceProperties;
import io.naru.gateway.produce.ProducersRoute;
import io.naru.gateway.produce.RawProduceRoute;
import io.naru.gateway.produce.TopicDirectory;
import io.naru.gateway.produce.WriteManners;
import io.naru.gateway.produce.WriteServices;
import io.naru.gateway.read.PartitionReads;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.MetadataCache;
import io.netty.util.Timer;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.RequestContextFilter;

/** The servlet and its routes. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({LimitsProperties.class, ProduceProperties.class, CorsProperties.class})
class HttpConfiguration {

    /** Adds the routes of one concept. */
    @FunctionalInterface
    interface Routes {
        void addTo(Router router);
    }

    @Bean
    ServletRegistrationBean<GatewayServlet> gatewayServlet(
            ObjectProvider<Routes> routes,
            CorsProperties cors,
            Timer timer,
            ConsumerProperties v2,
            LimitsProperties limits,
            MeterRegistry registry) {
        Router router = new Router();
        routes.orderedStream().forEach(r -> r.addTo(router));
        router.decorate((name, route) -> RouteTimes.measured(registry, name, route));
        ServletRegistrationBean<GatewayServlet> servlet = new ServletRegistrationBean<>(new GatewayServlet(
                router,
                new Cors(cors),
                new RequestIds(new SecureRandom()),
                timer,
                v2.dialect() == ConsumerDialect.STRIMZI ? Dialect.STRIMZI : Dialect.CONFLUENT,
                new StreamMemory(limits.streamMemory().toBytes())));
        servlet.setName("gateway");
        servlet.setUrlMappings(List.of("/*"));
        servlet.setAsyncSupported(true);
        servlet.setLoadOnStartup(1);
        return servlet;
    }

    /** MVC's filter, which no call here needs. */
    @Bean
    FilterRegistrationBean<RequestContextFilter> noRequestContextFilter() {
        FilterRegistrationBean<RequestContextFilter> filter = new FilterRegistrationBean<>(new RequestContextFilter());
        filter.setEnabled(false);
        return filter;
    }

    @Bean
    BodyReader bodyReader(LimitsProperties limits, Timer timer) {
        return new BodyReader(limits, new MemoryBudget(limits.bodyMemory().toBytes()), timer);
    }

    @Bean
    TopicDirectory topicDirectory(KafkaClient client, MetadataCache metadata, Timer timer) {
        return new TopicDirectory(client, metadata, timer);
    }

    @Bean
    ProduceBatcher produceBatcher(
            KafkaClient client,
            MetadataCache metadata,
            TopicDirectory directory,
            Timer timer,
            ProduceProperties properties) {
        return new ProduceBatcher(client, metadata, directory, timer, properties);
    }

    @Bean
    WriteManners writeManners(Timer timer, ProduceProperties properties) {
        return new WriteManners(timer, properties);
    }

    @Bean
    WriteServices writeServices(
            BodyReader bodies,
            TopicDirectory directory,
            ProduceBatcher batcher,
            ExecutorService workers,
            LimitsProperties limits,
            WriteManners manners) {
        return new WriteServices(bodies, directory, batcher, workers, limits, manners);
    }

    @Bean
    NdjsonProduce ndjsonProduce(WriteServices services) {
        return new NdjsonProduce(services);
    }

    @Bean
    IdentifiedProduce identifiedProduce(
            KafkaClient client,
            MetadataCache metadata,
            TopicDirectory directory,
            Timer timer,
            ProduceProperties properties,
            PartitionReads reads) {
        return new IdentifiedProduce(
                new IdentifiedWrites(client, metadata, directory, timer, properties), new LogReadBack(reads));
    }

    @Bean
    Routes produceRoutes(
            BodyReader bodies,
            TopicDirectory directory,
            ProduceBatcher batcher,
            NdjsonProduce ndjson,
            IdentifiedProduce identified,
            WriteManners manners) {
        Route anywhere = new RawProduceRoute(bodies, directory, batcher, ndjson, identified, manners, false);
        Route ofPartition = new RawProduceRoute(bodies, directory, batcher, ndjson, identified, manners, true);
        return router -> router.add("POST", "/v1/topics/*/records", anywhere)
                .add("POST", "/v1/topics/*/partitions/*/records", ofPartition)
                .add("POST", "/v1/transactions", HttpConfiguration::notBuilt);
    }

    @Bean
    Routes producerRoutes(KafkaClient client, MetadataCache metadata) {
        return router -> router.add("POST", "/v1/producers", new ProducersRoute(client, metadata));
    }

    private static void notBuilt(Exchange exchange) {
        throw Problem.of(ProblemKind.NOT_IMPLEMENTED, "transactions over HTTP are not built yet; nothing was written")
                .exception();
    }
}
