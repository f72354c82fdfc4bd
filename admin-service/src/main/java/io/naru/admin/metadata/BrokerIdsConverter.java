package io.naru.admin.metadata;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Broker ids in order, as {@code 1,2,3}. */
@Converter
class BrokerIdsConverter implements AttributeConverter<List<Integer>, String> {

    @Override
    public @Nullable String convertToDatabaseColumn(@Nullable List<Integer> ids) {
        return ids == null ? null : text(ids);
    }

    /** What stands in the column. */
    static String text(List<Integer> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    @Override
    public @Nullable List<Integer> convertToEntityAttribute(@Nullable String column) {
        if (column == null) {
            return null;
        }
        return column.isEmpty()
                ? List.of()
                : Arrays.stream(column.split(",")).map(Integer::valueOf).toList();
    }
}
