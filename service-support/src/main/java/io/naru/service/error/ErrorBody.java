package io.naru.service.error;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The body of an error, in the dialect of the path that was asked for:
 *
 * <pre>
 * /v3 /topics /consumers /brokers   application/json          {"error_code":404,"message":"…"}
 * /internal                         application/json          {"errorCode":-1,"message":"…"}
 * everything else                   application/problem+json  {"status":404,"title":"Not Found","detail":"…","code":40400}
 * </pre>
 *
 * @param contentType its media type
 * @param json        the object
 */
public record ErrorBody(String contentType, String json) {

    private static final JsonFactory JSON = new JsonFactory();
    private static final List<String> CONFLUENT_PATHS = List.of("/v3", "/topics", "/consumers", "/brokers");
    private static final String CONTROL_PLANE_PATH = "/internal";

    /**
     * The body for an error that has no code of its own beyond the HTTP status, which is then followed by 00.
     *
     * @param path   request path, not decoded; may be empty when the request could not be parsed
     * @param status HTTP status, ≥ 400
     * @param detail what was wrong, for people; null when there is nothing to say beyond the status
     */
    public static ErrorBody of(String path, int status, @Nullable String detail) {
        HttpStatus known = HttpStatus.resolve(status);
        String title = known == null ? "HTTP " + status : known.getReasonPhrase();
        if (CONFLUENT_PATHS.stream().anyMatch(prefix -> isUnder(path, prefix))) {
            return json("application/json", out -> {
                out.writeNumberProperty("error_code", status);
                out.writeStringProperty("message", detail == null ? title : detail);
            });
        }
        if (isUnder(path, CONTROL_PLANE_PATH)) {
            return json("application/json", out -> {
                out.writeNumberProperty("errorCode", -1);
                out.writeStringProperty("message", detail == null ? title : detail);
            });
        }
        return json("application/problem+json", out -> {
            out.writeNumberProperty("status", status);
            out.writeStringProperty("title", title);
            if (detail != null) {
                out.writeStringProperty("detail", detail);
            }
            out.writeNumberProperty("code", status * 100);
        });
    }

    /** The object in UTF-8. */
    public byte[] bytes() {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isUnder(String path, String prefix) {
        return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    private interface Fields {
        void write(JsonGenerator out);
    }

    private static ErrorBody json(String contentType, Fields fields) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            out.writeStartObject();
            fields.write(out);
            out.writeEndObject();
        }
        return new ErrorBody(contentType, text.toString());
    }
}
