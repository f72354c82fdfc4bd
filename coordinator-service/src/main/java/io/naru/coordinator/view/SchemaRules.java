package io.naru.coordinator.view;

import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What holds for the schemas of all answers: every field is there, and null where its component may be. */
@SuppressWarnings("rawtypes") // swagger-models hands out raw schemas
final class SchemaRules {

    private final Map<String, Schema> schemas;
    private final Set<Class<?>> done = new HashSet<>();

    private SchemaRules(Map<String, Schema> schemas) {
        this.schemas = schemas;
    }

    /** Completes {@code schemas}, which were made of the records nested in {@code answers} and of what these hold. */
    static void apply(Map<String, Schema> schemas, Class<?> answers) {
        SchemaRules rules = new SchemaRules(schemas);
        for (Class<?> answer : answers.getDeclaredClasses()) {
            rules.apply(answer);
        }
    }

    private void apply(Type type) {
        if (type instanceof ParameterizedType list) {
            for (Type argument : list.getActualTypeArguments()) {
                apply(argument);
            }
        } else if (type instanceof Class<?> answer && answer.isRecord() && done.add(answer)) {
            Schema<?> schema = schemas.get(name(answer));
            for (RecordComponent component : answer.getRecordComponents()) {
                if (schema != null && schema.getProperties() != null) {
                    complete(schema, component);
                }
                apply(component.getGenericType());
            }
        }
    }

    private static void complete(Schema<?> schema, RecordComponent component) {
        schema.setRequired(new ArrayList<>(schema.getProperties().keySet()));
        Schema<?> property = schema.getProperties().get(component.getName());
        if (property != null && component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
            property.addType("null");
        }
    }

    private static String name(Class<?> answer) {
        var named = answer.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
        return named == null || named.name().isEmpty() ? answer.getSimpleName() : named.name();
    }
}
