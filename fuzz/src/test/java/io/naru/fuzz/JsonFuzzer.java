package io.naru.fuzz;

import io.naru.gateway.format.JsonScanner;
import io.naru.gateway.format.JsonSyntaxException;
import io.naru.gateway.produce.EnvelopeParser;
import io.naru.gateway.produce.RecordInput;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** JSON as records bring it. What our scanner takes, Jackson takes; an envelope is read or refused with its place. */
public final class JsonFuzzer {

    private static final JsonMapper JACKSON = JsonMapper.builder().build();

    private JsonFuzzer() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) {
        JsonScanner scanner = new JsonScanner(JsonScanner.DEPTH_LIMIT);
        if (scanner.isValue(data, 0, data.length)) {
            try {
                JACKSON.readTree(data);
            } catch (JacksonException refused) {
                throw new IllegalStateException("we take what Jackson refuses", refused);
            }
        }
        try {
            new EnvelopeParser(JsonScanner.DEPTH_LIMIT).parse(data.clone(), 0, data.length, new RecordInput());
        } catch (JsonSyntaxException refused) {
            if (refused.position() < 0 || refused.position() > data.length) {
                throw new IllegalStateException("the place of the mistake is outside of the text", refused);
            }
        }
    }
}
