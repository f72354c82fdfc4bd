package io.naru.admin.openapi;

import io.naru.admin.v3.PageRequest;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.Comparator;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** What the document says beside what the resources say themselves. Made when the document is first asked for. */
@Lazy
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    static {
        // Not one parameter but two, see PageParameters.
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(PageRequest.class);
    }

    @Bean
    OperationCustomizer pages() {
        return PageParameters::add;
    }

    @Bean
    OpenAPI document() {
        return new OpenAPI()
                .info(new Info()
                        .title("Naru administration")
                        .version("3")
                        .description(
                                "Topics, configs, partitions, brokers and consumer groups of a Naru cluster, in the shapes of Confluent's REST v3. Every error is"
                                        + " {\"error_code\", \"message\"}.")
                        .license(new License().name("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0")))
                .servers(List.of(new Server().url("/").description("Wherever this document came from")));
    }

    @Bean
    OpenApiCustomizer completeness() {
        return document -> {
            SchemaRules.apply(document);
            // Found in the order in which the class path is read, which is not the same everywhere.
            document.getTags().sort(Comparator.comparing(Tag::getName));
            document.getPaths()
                    .forEach((path, item) -> item.readOperationsMap()
                            .forEach((method, operation) -> OperationRules.apply(path, method, operation)));
        };
    }
}
