package io.naru.gateway.topic;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.ResponseStream;

/** Sends JSON of any length from any thread without waiting for the client to take it. */
public final class JsonAnswers {

    /** What fits into the container's own buffer is handed over in one go. */
    private static final int SHORT_BYTES = 4 * 1024;

    private JsonAnswers() {}

    /** Answers a suspended exchange. */
    public static void send(Exchange exchange, int status, String contentType, JsonOut body) {
        if (body.length() <= SHORT_BYTES) {
            exchange.answer(status, contentType, body);
            return;
        }
        ResponseStream stream = ResponseStream.begin(exchange, status, contentType, body.length(), () -> {});
        if (stream != null) {
            stream.write(body.array(), 0, body.length());
            stream.finish();
        }
    }
}
