package io.naru.gateway.v2;

import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import jakarta.servlet.http.HttpServletRequest;

/** How keys and values stand in a body. */
enum EmbeddedFormat {
    /** Any JSON, stored as its text without the white space between tokens. */
    JSON,
    /** Base64 in a string, stored as the bytes it stands for. */
    BINARY,
    /** A string, stored as its UTF-8; Strimzi's only. */
    TEXT;

    /**
     * The format of a request's body.
     *
     * @throws io.naru.gateway.http.ProblemException 415
     */
    static EmbeddedFormat of(HttpServletRequest request, boolean strimzi) {
        String type = MediaTypes.essence(request.getContentType());
        EmbeddedFormat format = strimzi && type.equals("application/vnd.kafka.text.v2+json") ? TEXT : of(type);
        MediaTypes.requireUtf8(request);
        return format;
    }

    private static EmbeddedFormat of(String type) {
        return switch (type) {
            case "application/vnd.kafka.json.v2+json", MediaTypes.JSON -> JSON;
            case "application/vnd.kafka.binary.v2+json" -> BINARY;
            default ->
                throw Problem.of(
                                ProblemKind.UNSUPPORTED_MEDIA_TYPE,
                                "Content-Type "
                                        + (type.isEmpty() ? "is missing" : "\"" + type + "\" is not taken here")
                                        + "; send application/vnd.kafka.json.v2+json, application/json, or"
                                        + " application/vnd.kafka.binary.v2+json")
                        .exception();
        };
    }
}
