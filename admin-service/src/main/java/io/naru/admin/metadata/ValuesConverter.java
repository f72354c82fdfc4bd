package io.naru.admin.metadata;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Values by name, as a JSON object. */
@Converter
class ValuesConverter implements AttributeConverter<Map<String, String>, String> {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<TreeMap<String, String>> VALUES = new TypeReference<>() {};

    @Override
    public @Nullable String convertToDatabaseColumn(@Nullable Map<String, String> values) {
        return values == null ? null : JSON.writeValueAsString(values);
    }

    @Override
    public @Nullable Map<String, String> convertToEntityAttribute(@Nullable String column) {
        return column == null ? null : JSON.readValue(column, VALUES);
    }
}
