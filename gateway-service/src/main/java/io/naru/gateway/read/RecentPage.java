package io.naru.gateway.read;

import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What one poll brought of one partition, kept for those who come for it a little later; and what the first of its readers made of it, since
 * followers of one topic who are at one place and want it in one form get the same bytes. Thread-safe.
 */
final class RecentPage {

    /** Enough for a page in two forms; readers who begin amid a page make pieces of their own, which need not be kept. */
    private static final int PIECES_MAX = 64;

    private final Fetched fetched;
    private final long from;
    private final long behind;

    /** Soft, for text may be several times its page, and can be made again. */
    private final Map<Place, SoftReference<Lines>> pieces = new ConcurrentHashMap<>();

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

    /**
     * Where readers are, and what they want.
     *
     * @param events    server-sent events, whose ids tell where the reader is in all partitions
     * @param formats   how records are shown
     * @param positions offsets in all partitions that the text tells of
     */
    @SuppressWarnings("ArrayRecordComponent") // made for a look into the map, by readers who are many
    record Place(boolean events, RecordFormats formats, long... positions) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Place place
                    && events == place.events
                    && formats.equals(place.formats)
                    && Arrays.equals(positions, place.positions);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(positions) + formats.hashCode() + (events ? 1 : 0);
        }
    }

    /**
     * A piece of the page as text. Readers may be many, and nobody changes it.
     *
     * @param next    offset behind it
     * @param records how many records it shows
     */
    @SuppressWarnings("ArrayRecordComponent") // the bytes that go to sockets
    record Lines(byte[] text, long next, long records) {}

    Fetched fetched() {
        return fetched;
    }

    /** Offset that was asked for. */
    long from() {
        return from;
    }

    boolean holds(long offset) {
        return offset >= from && offset < behind;
    }

    int bytes() {
        return fetched.records().sizeInBytes();
    }

    /** What another reader has made of it for exactly this place and form. */
    @Nullable
    Lines lines(Place place) {
        SoftReference<Lines> kept = pieces.get(place);
        return kept == null ? null : kept.get();
    }

    /** Leaves text for other readers. */
    void leave(Place place, Lines made) {
        if (pieces.size() < PIECES_MAX || pieces.containsKey(place)) {
            pieces.put(place, new SoftReference<>(made));
        }
    }
}
