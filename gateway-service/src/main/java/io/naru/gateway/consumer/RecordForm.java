package io.naru.gateway.consumer;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How an instance's records are shown. */
enum RecordForm {
    /** Base64. */
    BINARY,
    /** JSON. */
    JSON,
    /** Strings; the bridge's alone. */
    TEXT;

    /** As it stands in requests. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its media type. */
    String mediaType() {
        return "application/vnd.kafka." + word() + ".v2+json";
    }

    /** The form of that name; null if there is none. */
    static @Nullable RecordForm of(String word, boolean strimzi) {
        for (RecordForm form : values()) {
            if (form.word().equals(word) && (form != TEXT || strimzi)) {
                return form;
            }
        }
        return null;
    }
}
