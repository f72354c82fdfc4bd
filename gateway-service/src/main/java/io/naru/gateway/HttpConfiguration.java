package io.naru.gateway;

import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Cors;
import io.naru.gateway.http.CorsProperties;
import io.naru.gateway.http.GatewayServlet;
import io.naru.gateway.http.LimitsProperties;
import io.naru.gateway.http.MemoryBudget;
import io.naru.gateway.http.RequestIds;
import io.naru.gateway.http.Router;
import io.naru.gateway.produce.NdjsonProduce;
import io.naru.gateway.produce.ProduceBatcher;
import io.naru.gateway.produce.ProduceProperties;
import io.naru.gateway.produce.RawProduceRoute;
import io.naru.gateway.produce.TopicDirectory;
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
            ObjectProvider<Routes> routes, CorsProperties cors, Timer timer) {
        Router router = new Router();
        routes.orderedStream().forEach(r -> r.addTo(router));
        ServletRegistrationBean<GatewayServlet> servlet = new ServletRegistrationBean<>(
                new GatewayServlet(router, new Cors(cors), new RequestIds(new SecureRandom()), timer));
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
    Routes produceRoutes(
            BodyReader bodies,
            TopicDirectory directory,
            ProduceBatcher batcher,
            ExecutorService workers,
            LimitsProperties limits) {
        NdjsonProduce ndjson = new NdjsonProduce(bodies, directory, batcher, workers, limits);
        return router -> router.add(
                        "POST", "/v1/topics/*/records", new RawProduceRoute(bodies, directory, batcher, ndjson, false))
                .add(
                        "POST",
                        "/v1/topics/*/partitions/*/records",
                        new RawProduceRoute(bodies, directory, batcher, ndjson, true));
    }
}
