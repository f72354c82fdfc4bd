package io.naru.service;

import io.naru.service.error.ErrorConfiguration;
import java.nio.file.Path;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.validation.Validator;
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
