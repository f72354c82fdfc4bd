package io.naru.gateway.read;

import io.naru.gateway.format.JsonOut;
import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What one poll brought of one partition, kept for those who come for it a little later; and what the first of its readers made of it, since
 * followers of one topic who are at one place and want it in one form get the same bytes. Thread-safe.
 */
final class RecentPage {

    private final Fetched fetched;
    private final long from;
    private final long behind;

    /** Soft, for text may be several times its page, and can be made again. */
    private final AtomicReference<@Nullable SoftReference<Lines>> lines = new AtomicReference<>();

    /**
     * A page.
     *
     * @param from   offset that was asked for
     * @param behind offset behind its last batch
     */
    RecentPage(Fetched fetched, long from, long behind) {
        this.fetched = fetched;
        this.from = from;
        this.behind = behind;
    }

    /** The page as text, in one form, for readers at one place; they may be many, and nobody changes it. */
    static final class Lines {

        private final boolean events;
        private final RecordFormats formats;
        private final long[] positions;
        private final JsonOut text;
        private final long next;
        private final long records;

        /**
         * Text.
         *
         * @param events    server-sent events, whose ids tell where the reader is in all partitions
         * @param positions where the reader was before it, in all partitions
         * @param next      offset behind it
         * @param records   how many records it shows
         */
        Lines(boolean events, RecordFormats formats, long[] positions, JsonOut text, long next, long records) {
            this.events = events;
            this.formats = formats;
            this.positions = positions.clone();
            this.text = text;
            this.next = next;
            this.records = records;
        }

        JsonOut text() {
            return text;
        }

        long next() {
            return next;
        }

        long records() {
            return records;
        }
    }

    Fetched fetched() {
        return fetched;
    }

    boolean holds(long offset) {
        return offset >= from && offset < behind;
    }

    int bytes() {
        return fetched.records().sizeInBytes();
    }

    /** What another reader has made of it for exactly this place and form. */
    @Nullable
    Lines lines(boolean events, RecordFormats formats, long... positions) {
        SoftReference<Lines> kept = lines.get();
        Lines made = kept == null ? null : kept.get();
        boolean fits = made != null
                && made.events == events
                && made.formats.equals(formats)
                && Arrays.equals(made.positions, positions);
        return fits ? made : null;
    }

    /** Leaves text for other readers; the first stays. */
    void leave(Lines made) {
        SoftReference<Lines> kept = lines.get();
        if (kept == null || kept.get() == null) {
            lines.compareAndSet(kept, new SoftReference<>(made));
        }
    }
}
