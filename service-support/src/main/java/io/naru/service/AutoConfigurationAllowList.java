package io.naru.service;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Lets through the auto-configuration that every service needs and what the service itself names under {@code naru.autoconfigure}.
 * Does nothing in an application that {@link NaruService} did not start.
 *
 * <p>Spring also asks about every class that an auto-configuration imports or nests; only auto-configurations themselves are refused.
 */
final class AutoConfigurationAllowList
        implements AutoConfigurationImportFilter, EnvironmentAware, BeanClassLoaderAware {

    private static final String BOOT = "org.springframework.boot.";

    private static final List<String> BASE = List.of(
            BOOT + "autoconfigure.availability",
            BOOT + "autoconfigure.context.ConfigurationPropertiesAutoConfiguration",
            BOOT + "autoconfigure.context.LifecycleAutoConfiguration",
            BOOT + "autoconfigure.context.PropertyPlaceholderAutoConfiguration",
            BOOT + "autoconfigure.info",
            // Named by the web server's own configuration; makes no bean that is used here.
            BOOT + "autoconfigure.ssl",
            BOOT + "jackson.autoconfigure",
            BOOT + "http.converter.autoconfigure",
            BOOT + "tomcat.autoconfigure.servlet",
            BOOT + "tomcat.autoconfigure.metrics",
            BOOT + "tomcat.autoconfigure.actuate.web.server.TomcatServletManagementContextAutoConfiguration",
            BOOT + "servlet.autoconfigure.actuate.web.ServletManagementContextAutoConfiguration",
            BOOT + "webmvc.autoconfigure.DispatcherServletAutoConfiguration",
            BOOT + "webmvc.autoconfigure.WebMvcAutoConfiguration",
            BOOT + "webmvc.autoconfigure.actuate.endpoint.web",
            BOOT + "actuate.autoconfigure.endpoint.EndpointAutoConfiguration",
            BOOT + "actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration",
            BOOT + "actuate.autoconfigure.endpoint.web",
            BOOT + "actuate.autoconfigure.info",
            BOOT + "actuate.autoconfigure.web.server",
            BOOT + "health.autoconfigure.actuate.endpoint",
            BOOT + "health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration",
            BOOT + "health.autoconfigure.contributor",
            BOOT + "health.autoconfigure.registry",
            BOOT + "micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            BOOT + "micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
            BOOT + "micrometer.metrics.autoconfigure.MetricsEndpointAutoConfiguration",
            BOOT + "micrometer.metrics.autoconfigure.export.prometheus",
            BOOT + "micrometer.metrics.autoconfigure.jvm",
            BOOT + "micrometer.metrics.autoconfigure.logging.logback",
            BOOT + "micrometer.metrics.autoconfigure.startup",
            BOOT + "micrometer.metrics.autoconfigure.system");

    private Set<String> refused = Set.of();
    private @Nullable ClassLoader classLoader;

    @Override
    public void setBeanClassLoader(ClassLoader beanClassLoader) {
        classLoader = beanClassLoader;
    }

    @Override
    public void setEnvironment(Environment environment) {
        if (environment.containsProperty("naru.service.name")) {
            List<String> allowed = new ArrayList<>(BASE);
            allowed.addAll(Binder.get(environment)
                    .bind("naru.autoconfigure", Bindable.listOf(String.class))
                    .orElse(List.of()));
            Set<String> others = new HashSet<>();
            for (String candidate : ImportCandidates.load(AutoConfiguration.class, classLoader)) {
                if (allowed.stream().noneMatch(name -> covers(name, candidate))) {
                    others.add(candidate);
                }
            }
            refused = others;
        }
    }

    @Override
    public boolean[] match(@Nullable String[] classNames, AutoConfigurationMetadata metadata) {
        boolean[] matches = new boolean[classNames.length];
        for (int i = 0; i < classNames.length; i++) {
            String className = classNames[i];
            matches[i] = className == null || !refused.contains(className);
        }
        return matches;
    }

    private static boolean covers(String name, String className) {
        return className.startsWith(name)
                && (className.length() == name.length() || className.charAt(name.length()) == '.');
    }
}
