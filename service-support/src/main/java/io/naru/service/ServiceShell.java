package io.naru.service;

import io.naru.service.error.ErrorConfiguration;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.file.Path;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.validation.Validator;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What every service has whether it asks or not. */
@Configuration(proxyBeanMethods = false)
@Import(ErrorConfiguration.class)
class ServiceShell {

    /**
     * Spring MVC starts a bean validator whenever it finds one on the class path, for annotations that no service uses: requests are
     * checked by the code that knows what they mean. This one supports nothing and costs nothing.
     */
    @Bean
    WebMvcConfigurer withoutBeanValidation() {
        return new WebMvcConfigurer() {
            @Override
            public Validator getValidator() {
                return Validator.forType(Void.class, (nothing, errors) -> {});
            }
        };
    }

    /** What a browser asks before a page of another origin may call: it may not. Spring would answer 200, with nothing allowed. */
    @Bean
    WebMvcConfigurer noPagesOfOtherOrigins() {
        HandlerInterceptor refusal = new HandlerInterceptor() {
            @Override
            public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
                if (CorsUtils.isPreFlightRequest(request)) {
                    throw new ResponseStatusException(
                            HttpStatus.FORBIDDEN, "Pages of other origins cannot call this service.");
                }
                return true;
            }
        };
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(refusal);
            }
        };
    }

    @Bean
    static LazySpringdoc lazySpringdoc() {
        return new LazySpringdoc();
    }

    @Bean
    BoundPorts boundPorts(Environment environment, ObjectProvider<ServicePorts> servicePorts) {
        return new BoundPorts(environment, servicePorts);
    }

    @Bean
    @ConditionalOnProperty("naru.run-dir")
    RunFile runFile(
            @Value("${naru.run-dir}") Path runDir, @Value("${naru.service.name}") String service, BoundPorts ports) {
        return new RunFile(runDir, service, ports);
    }

    @Bean
    NaruInfo naruInfo(
            @Value("${naru.service.name}") String service,
            @Value("${naru.data-dir}") Path dataDir,
            ObjectProvider<BuildProperties> build,
            BoundPorts ports) {
        BuildProperties properties = build.getIfAvailable();
        String version = properties == null ? null : properties.getVersion();
        return new NaruInfo(service, version == null ? "unknown" : version, dataDir, ports);
    }
}
