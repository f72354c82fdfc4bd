package io.naru.gateway.http;

/** What became of a write that failed. */
public enum Outcome {
    /** Certainly nothing was written. */
    NOT_WRITTEN("not_written"),
    /** It may have been written. */
    UNKNOWN("unknown");

    private final String text;

    Outcome(String text) {
        this.text = text;
    }

    /** As it stands in JSON. */
    public String text() {
        return text;
    }
}
