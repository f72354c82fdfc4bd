package io.naru.gateway.v2;

import io.naru.gateway.http.ProblemException;
import io.naru.gateway.produce.RecordInput;
import java.util.Arrays;
import java.util.List;

/** Bodies of version 2 in every format and both dialects; the first byte chooses. Read whole or refused. */
public final class ProduceBodyFuzzer {

    private ProduceBodyFuzzer() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        int choice = data[0] & 0xff;
        EmbeddedFormat format = List.of(EmbeddedFormat.values()).get(choice % 3);
        ProduceShape shape = List.of(ProduceShape.values()).get(choice / 3 % 3);
        byte[] body = Arrays.copyOfRange(data, 1, data.length);
        ProduceBody records;
        try {
            records = new ProduceBodyParser(format, shape, 1000, 64).parse(body, body.length);
        } catch (ProblemException refused) {
            int status = refused.problem().kind().status();
            if (status < 400 || status > 499) {
                throw new IllegalStateException("refused with " + status, refused);
            }
            return;
        }
        RecordInput input = new RecordInput();
        for (int i = 0; i < records.count(); i++) {
            records.read(i, input, 0);
        }
    }
}
