package io.naru.admin.openapi;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What holds for all operations: the errors that they may answer, and an example of each body. */
final class OperationRules {

    private static final String JSON = "application/json";

    private record Failure(String status, int code, String message) {}

    private static final Failure BAD = new Failure("400", 400, "Failed to convert 'partition_id' with value: 'x'");
    private static final Failure REFUSED = new Failure("400", 40002, "Topic 'orders' already exists.");
    private static final Failure FORBIDDEN =
            new Failure("403", 40301, "Topic '__consumer_offsets' is Naru's own and cannot be deleted.");
    private static final Failure MISSING = new Failure("404", 40403, "There is no topic 'orders'.");
    private static final Failure TOO_LARGE =
            new Failure("413", 413, "too much: Document length (8392512) exceeds the maximum allowed (8388608)");
    private static final Failure MEDIA_TYPE = new Failure("415", 415, "Content-Type 'text/plain' is not supported.");
    private static final Failure UNPROCESSABLE = new Failure("422", 422, "topic_name is missing.");
    private static final Failure CHANGED =
            new Failure("412", 412, "The configs are no longer those that If-Match names.");
    private static final Failure SILENT =
            new Failure("500", 50003, "The brokers did not answer in time; what was asked for may still be done.");
    private static final Failure NOT_ACTIVE =
            new Failure("503", 503, "This admin-service is not the active controller.");
    private static final Failure OTHER = new Failure("default", 405, "Method 'PUT' is not supported.");

    /** Parts of the paths of what lives on brokers and coordinators. */
    private static final List<String> ASKS_BROKERS = List.of("/consumer-groups", "/offset", "/records:", "/log-dirs");

    /** Of parameters that mean the same everywhere. */
    private static final Map<String, String> DESCRIPTIONS = Map.of(
            "prefix", "Only names that begin so.",
            "pattern", "Only names like this, in which * stands for any characters and ? for one.",
            "internal", "Only Naru's own topics, or only the others.",
            "state", "Only those in this state.",
            "type", "Only those of this type.",
            "validate_only", "Check and answer, change nothing.",
            "If-Match", "An ETag: refused with 412 if the configs are no longer as they were then.");

    private OperationRules() {}

    static void apply(String path, HttpMethod method, Operation operation) {
        if (operation.getParameters() != null) {
            operation.getParameters().stream()
                    .filter(parameter -> parameter.getDescription() == null)
                    .forEach(parameter -> parameter.setDescription(DESCRIPTIONS.get(parameter.getName())));
        }
        JsonNode examples = Examples.of(operation.getOperationId());
        operation
                .getResponses()
                .values()
                .forEach(response -> setExample(response.getContent(), examples.get("response")));
        if (operation.getRequestBody() != null) {
            setExample(operation.getRequestBody().getContent(), examples.get("request"));
        }
        failures(path, method, operation)
                .values()
                .forEach(failure -> operation.getResponses().addApiResponse(failure.status, response(failure)));
        if (method == HttpMethod.GET && path.contains("config")) {
            // They have ETags.
            operation
                    .getResponses()
                    .addApiResponse("304", new ApiResponse().description("As it was when If-None-Match was its ETag."));
        }
        operation.getResponses().addApiResponse(OTHER.status, response(OTHER));
    }

    private static void setExample(@Nullable Content content, @Nullable JsonNode example) {
        if (content != null && example != null) {
            content.values().forEach(body -> body.setExample(Examples.plain(example)));
        }
    }

    private static Map<String, Failure> failures(String path, HttpMethod method, Operation operation) {
        Map<String, Failure> failures = new LinkedHashMap<>();
        add(failures, MISSING, BAD);
        if (operation.getParameters() != null) {
            operation.getParameters().stream()
                    .filter(parameter -> "If-Match".equals(parameter.getName()))
                    .findAny()
                    .ifPresent(condition -> add(failures, CHANGED));
        }
        if (operation.getRequestBody() != null) {
            add(failures, REFUSED, TOO_LARGE, MEDIA_TYPE, UNPROCESSABLE);
        }
        if (ASKS_BROKERS.stream().anyMatch(path::contains)
                || (method == HttpMethod.GET && path.contains("/brokers/") && path.contains("/configs"))) {
            add(failures, SILENT);
        }
        if (method == HttpMethod.DELETE) {
            add(failures, FORBIDDEN);
        }
        add(failures, NOT_ACTIVE);
        return failures;
    }

    private static void add(Map<String, Failure> failures, Failure... more) {
        for (Failure failure : more) {
            failures.put(failure.status, failure);
        }
    }

    private static ApiResponse response(Failure failure) {
        Map<String, Object> example = new LinkedHashMap<>();
        example.put("error_code", failure.code);
        example.put("message", failure.message);
        Schema<?> schema = new Schema<>().$ref("#/components/schemas/" + SchemaRules.ERROR);
        return new ApiResponse()
                .description(description(failure.status))
                .content(new Content()
                        .addMediaType(JSON, new MediaType().schema(schema).example(example)));
    }

    private static String description(String status) {
        return switch (status) {
            case "400" -> "The request is malformed, or the cluster refuses it (40002).";
            case "403" -> "Not allowed.";
            case "404" ->
                "There is no such cluster, topic (40403), partition (40402), group (40405), broker, member or config.";
            case "412" -> "What was to be changed has been changed by somebody else.";
            case "500" -> "The brokers did not answer in time (50003); what was asked for may still be done.";
            case "413" -> "The body is too long.";
            case "415" -> "The body is not JSON.";
            case "422" -> "The body lacks a field, or has one that is not known.";
            case "default" -> "Any other failure.";
            default -> "This admin-service is not the active controller; try again, or ask another.";
        };
    }
}
