package io.naru.admin.v3;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param members   what is on it
 * @param nextQuery query of the next page, or null on the last one
 */
public record Page<T>(List<T> members, @Nullable String nextQuery) {

    /** Copies the members. */
    public Page {
        members = List.copyOf(members);
    }

    /** Metadata of this page of {@code list}. */
    public CollectionMetadata metadata(Location list) {
        return new CollectionMetadata(list.url(), nextQuery == null ? null : list.url() + "?" + nextQuery);
    }

    /** The members, each as {@code shape} shows it. */
    public <R> List<R> map(Function<? super T, R> shape) {
        return members.stream().<R>map(shape).toList();
    }
}
