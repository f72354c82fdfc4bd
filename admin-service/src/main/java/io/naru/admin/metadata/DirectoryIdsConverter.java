package io.naru.admin.metadata;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ids of data directories, separated by commas, which are in none of them. */
@Converter
class DirectoryIdsConverter implements AttributeConverter<List<String>, String> {

    @Override
    public @Nullable String convertToDatabaseColumn(@Nullable List<String> ids) {
        return ids == null ? null : String.join(",", ids);
    }

    @Override
    public @Nullable List<String> convertToEntityAttribute(@Nullable String column) {
        if (column == null) {
            return null;
        }
        return column.isEmpty() ? List.of() : List.of(column.split(",", -1));
    }
}
