package io.naru.gateway.v2;

import io.naru.gateway.format.JsonObjectWalker;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads {@code [{"key":"name","value":"Base64"|null}, …]}. Belongs to one thread at a time. */
final class HeaderArray {

    private final ProduceShape shape;
    private final JsonObjectWalker all;
    private final JsonObjectWalker one;

    HeaderArray(ProduceShape shape, int depthMax) {
        this.shape = shape;
        this.all = new JsonObjectWalker(depthMax);
        this.one = new JsonObjectWalker(depthMax);
    }

    void read(byte[] bytes, int start, int end, String pointer, RecordExtras to) {
        if (bytes[start] != '[') {
            throw shape.wrong(pointer, "expected an array");
        }
        all.beginArray(bytes, start, end);
        while (all.next()) {
            if (!all.isObject()) {
                throw shape.wrong(pointer, "a header is an object with key and value");
            }
            header(bytes, pointer, to);
        }
    }

    private void header(byte[] bytes, String pointer, RecordExtras to) {
        byte[] name = null;
        byte[] value = null;
        boolean valued = false;
        one.begin(bytes, all.valueStart(), all.valueEnd());
        while (one.next()) {
            if (one.nameIs("key") && one.isString() && name == null) {
                name = one.stringBytes();
            } else if (one.nameIs("value") && (one.isString() || one.isNull()) && !valued) {
                valued = true;
                value = one.isNull() ? null : base64(one.stringBytes(), pointer);
            } else {
                throw shape.wrong(pointer, "a header has one key, which is a string, and one value, in Base64 or null");
            }
        }
        if (name == null || !valued) {
            throw shape.wrong(pointer, "a header has no " + (name == null ? "key" : "value"));
        }
        to.header(name, value);
    }

    private byte @Nullable [] base64(byte[] text, String pointer) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw shape.wrong(pointer, "the value of a header is not Base64");
        }
    }
}
