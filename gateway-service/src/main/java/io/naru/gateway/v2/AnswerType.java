package io.naru.gateway.v2;

import io.naru.gateway.http.MediaTypes;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/** The media type of answers. */
final class AnswerType {

    /** What this API calls its JSON. */
    static final String V2 = "application/vnd.kafka.v2+json";

    /** Those with a format are meant for records; clients send them with every call. */
    private static final List<String> OFFERED = List.of(
            V2,
            MediaTypes.JSON,
            "application/vnd.kafka+json",
            "application/vnd.kafka.json.v2+json",
            "application/vnd.kafka.text.v2+json",
            "application/vnd.kafka.binary.v2+json");

    private AnswerType() {}

    /** Whether a body of that type is JSON of this API. */
    static boolean isTaken(String contentType) {
        return OFFERED.contains(contentType);
    }

    /**
     * The type for an answer that has no records in it.
     *
     * @throws io.naru.gateway.http.ProblemException 406
     */
    static String of(HttpServletRequest request) {
        return MediaTypes.choose(request, OFFERED).equals(MediaTypes.JSON) ? MediaTypes.JSON : V2;
    }
}
