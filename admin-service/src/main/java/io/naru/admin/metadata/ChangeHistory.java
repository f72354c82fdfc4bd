package io.naru.admin.metadata;

import io.naru.admin.controller.Note;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who changed what and when: every administrative change of one cluster, the newest first. Thread-safe; reads block on the database. */
public interface ChangeHistory {

    /** Most entries of a page. */
    int PAGE_MAX = 1000;

    /**
     * One change.
     *
     * @param imageVersion version of the first image that shows it
     * @param ordinal      its number among those of that version, from 0
     * @param at           when it was committed, by the database's clock
     * @param note         who, what, before and after
     */
    record Entry(long imageVersion, int ordinal, Instant at, Note note) {

        /** Where it stands in the history. */
        public Place place() {
            return new Place(imageVersion, ordinal);
        }
    }

    /** A place in the history, written {@code version.ordinal}. */
    record Place(long imageVersion, int ordinal) {

        /** After everything. */
        public static final Place END = new Place(Long.MAX_VALUE, 0);

        /**
         * Reads what {@link #toString} wrote.
         *
         * @throws IllegalArgumentException for anything else
         */
        public static Place parse(String text) {
            int dot = text.indexOf('.');
            if (dot < 0) {
                throw new IllegalArgumentException("not a place in the history: " + text);
            }
            return new Place(Long.parseLong(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
        }

        @Override
        public String toString() {
            return imageVersion + "." + ordinal;
        }
    }

    /**
     * Which changes.
     *
     * @param kind     of this kind of thing only; null for all
     * @param resource of the thing of this name only; null for all
     * @param before   older than this place
     * @param limit    at most so many, 1 to {@link #PAGE_MAX}
     */
    record Query(Note.@Nullable Kind kind, @Nullable String resource, Place before, int limit) {

        /** Refuses limits out of range. */
        public Query {
            if (limit < 1 || limit > PAGE_MAX) {
                throw new IllegalArgumentException("a page has 1 to " + PAGE_MAX + " entries, not " + limit);
            }
        }
    }

    /**
     * Some changes.
     *
     * @param entries the newest first
     * @param next    what the next page begins before; null when this is the last
     */
    record Page(List<Entry> entries, @Nullable Place next) {

        /** Copies the list. */
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /** A page of the history. */
    Page page(Query query);
}
