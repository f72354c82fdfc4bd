package io.naru.admin.openapi;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.media.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What holds for all schemas, and annotations cannot say. */
final class SchemaRules {

    /** The body of every error. */
    static final String ERROR = "Error";

    private static final String NULL = "null";

    /** Bodies of requests, and what is in them, have this in their names; their fields may be left out. */
    private static final String REQUEST = "Request";

    private SchemaRules() {}

    @SuppressWarnings({"rawtypes", "unchecked"}) // swagger-models hands out raw schemas
    static void apply(OpenAPI document) {
        Map<String, Schema> schemas = document.getComponents().getSchemas();
        schemas.forEach((name, schema) -> {
            Map<String, Schema> properties = properties(schema);
            properties.replaceAll((property, type) -> orNull(type));
            if (!name.contains(REQUEST)) {
                // Answers have all their fields, always; what is not there is null.
                schema.setRequired(new ArrayList<>(properties.keySet()));
            }
        });
        document.getComponents().addSchemas(ERROR, error());
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // the same
    private static Map<String, Schema> properties(Schema schema) {
        Map<String, Schema> properties = schema.getProperties();
        return properties == null ? new HashMap<>() : properties;
    }

    /** A reference that may be null is one of two things; a type beside a reference would mean both at once. */
    private static Schema<?> orNull(Schema<?> type) {
        if (type.get$ref() == null
                || type.getTypes() == null
                || !type.getTypes().contains(NULL)) {
            return type;
        }
        Schema<Object> either = schema();
        either.setDescription(type.getDescription());
        Schema<Object> reference = schema();
        reference.set$ref(type.get$ref());
        Schema<Object> nothing = schema();
        nothing.addType(NULL);
        either.setOneOf(List.of(reference, nothing));
        return either;
    }

    private static Schema<?> error() {
        Schema<Object> code = schema();
        code.addType("integer");
        code.setFormat("int32");
        code.setDescription("The HTTP status, or a five-digit code that begins with it.");
        Schema<Object> message = schema();
        message.addType("string");
        message.setDescription("What is wrong.");
        Schema<Object> error = schema();
        error.addType("object");
        error.setDescription("Body of every failed call.");
        error.addProperty("error_code", code);
        error.addProperty("message", message);
        error.setRequired(List.of("error_code", "message"));
        return error;
    }

    private static Schema<Object> schema() {
        return new Schema<>(SpecVersion.V31);
    }
}
