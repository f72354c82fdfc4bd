package io.naru.fuzz;

import io.naru.protocol.codec.RequestCodec;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/**
 * Frame → request, for every API key and version:
 *
 * <pre>
 * 0  which version of which API, modulo their number; 2 bytes
 * 2  header (from the client id on) and body
 * </pre>
 *
 * A frame is refused with {@link InvalidRequestException} or becomes a request that can be written again.
 */
public final class RequestFuzzer {

    /** Every version of every API. */
    static final List<short[]> VERSIONS = versions();

    private RequestFuzzer() {}

    private static List<short[]> versions() {
        List<short[]> all = new ArrayList<>();
        for (ApiKeys key : ApiKeys.values()) {
            for (short version = key.oldestVersion(); version <= key.latestVersion(true); version++) {
                all.add(new short[] {key.id, version});
            }
        }
        return all;
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 2) {
            return;
        }
        short[] which = VERSIONS.get(((data[0] & 0xff) << 8 | (data[1] & 0xff)) % VERSIONS.size());
        var frame = Unpooled.buffer(data.length + 6)
                .writeShort(which[0])
                .writeShort(which[1])
                .writeInt(7)
                .writeBytes(data, 2, data.length - 2);
        RequestCodec.Head head;
        ApiMessage request;
        try {
            head = RequestCodec.readHead(frame);
            request = RequestCodec.readBody(head);
        } catch (InvalidRequestException refused) {
            return;
        }
        rewrite(head.header(), request, which[1]);
    }

    /** What was understood is something that the same protocol can say. */
    private static void rewrite(RequestHeaderData header, ApiMessage request, short version) {
        if (!header.unknownTaggedFields().isEmpty()) {
            return;
        }
        ObjectSerializationCache cache = new ObjectSerializationCache();
        int size = request.size(cache, version);
        ByteBufferAccessor out = new ByteBufferAccessor(java.nio.ByteBuffer.allocate(size));
        try {
            request.write(out, cache, version);
        } catch (RuntimeException e) {
            // Inside of structures kafka-clients takes tags in any order, and writes them in one only.
            if (String.valueOf(e.getMessage()).startsWith("Invalid raw tag field list")) {
                return;
            }
            throw e;
        }
        if (out.remaining() != 0) {
            throw new IllegalStateException(request.getClass() + " v" + version + " is not as long as it says");
        }
    }
}
