package io.naru.coordinator.view;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.servers.Server;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.HttpStatus;

/** What the document says beside what the resources say themselves. Made when the document is first asked for. */
@Lazy
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    private static final String PROBLEM = "Problem";

    @Bean
    OpenAPI document() {
        return new OpenAPI()
                .info(new Info()
                        .title("Naru groups")
                        .version("1")
                        .description(
                                "Consumer groups, as the coordinator that has them sees them. Nothing is changed here.")
                        .license(new License().name("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0")))
                .servers(List.of(new Server().url("/").description("Wherever this document came from")));
    }

    @Bean
    OpenApiCustomizer problems() {
        Examples examples = Examples.load();
        return document -> {
            SchemaRules.apply(document.getComponents().getSchemas(), GroupAnswers.class);
            document.getComponents().addSchemas(PROBLEM, problem());
            document.getPaths()
                    .forEach((path, item) -> item.readOperations().forEach(operation -> {
                        examples.addTo(operation);
                        if (path.contains("{group}")) {
                            add(operation, "307", "Another coordinator has the group: it is at Location.");
                            add(
                                    operation,
                                    "400",
                                    "That cannot be the id of a group, or a parameter is out of its range.");
                            add(operation, "404", "There is no such group.");
                            add(
                                    operation,
                                    "503",
                                    "The group's shard is being loaded, or nobody owns it: try again after Retry-After.");
                        } else if (operation.getParameters() != null) {
                            add(operation, "400", "A parameter is out of its range.");
                        }
                    }));
        };
    }

    private static Schema<?> problem() {
        Schema<?> schema = new Schema<>();
        schema.addType("object");
        schema.setProperties(Map.of(
                "status", typed("integer"),
                "title", typed("string"),
                "detail", typed("string"),
                "code", typed("integer")));
        schema.setRequired(List.of("code", "status", "title"));
        return schema;
    }

    private static Schema<?> typed(String type) {
        Schema<?> schema = new Schema<>();
        schema.addType(type);
        return schema;
    }

    private static Map<String, Object> example(int status, String detail) {
        Map<String, Object> example = new LinkedHashMap<>();
        example.put("status", status);
        example.put("code", status * 100);
        example.put("title", HttpStatus.valueOf(status).getReasonPhrase());
        example.put("detail", detail);
        return example;
    }

    private static void add(Operation operation, String status, String description) {
        Schema<?> schema = new Schema<>().$ref("#/components/schemas/" + PROBLEM);
        operation
                .getResponses()
                .addApiResponse(
                        status,
                        new ApiResponse()
                                .description(description)
                                .content(new Content()
                                        .addMediaType(
                                                "application/problem+json",
                                                new MediaType()
                                                        .schema(schema)
                                                        .example(example(Integer.parseInt(status), description)))));
    }
}
