package io.naru.gateway.consumer;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.format.JsonScanner;
import io.naru.gateway.format.RecordCursor;
import io.naru.gateway.format.Utf8;
import io.naru.gateway.group.RecordShape;
import org.apache.kafka.common.TopicPartition;

/**
 * Records as this API shows them:
 *
 * <pre>
 * {"topic":"t","key":"a2V5","value":null,"partition":0,"offset":7}           and Strimzi's:
 * {…,"timestamp":1700000000000,"headers":[{"key":"h","value":"dg=="}]}
 * </pre>
 *
 * A side that is not in the instance's form comes in Base64, and the record has {@code error_code} and {@code error} beside it; its
 * neighbours come as asked.
 */
final class ConsumerShape implements RecordShape {

    private static final int NOT_IN_FORM = 40801;

    private final RecordForm form;
    private final boolean strimzi;
    private final JsonScanner scanner = new JsonScanner(JsonScanner.DEPTH_LIMIT);

    ConsumerShape(RecordForm form, boolean strimzi) {
        this.form = form;
        this.strimzi = strimzi;
    }

    @Override
    public String opening() {
        return "[";
    }

    @Override
    public byte[] prefix(TopicPartition partition) {
        return new JsonOut(64)
                .ascii("{\"topic\":")
                .string(partition.topic())
                .ascii(",\"key\":")
                .toByteArray();
    }

    @Override
    public void write(JsonOut out, byte[] prefix, TopicPartition partition, RecordCursor record) {
        out.raw(prefix);
        boolean keyShown = side(out, record.keyArray(), record.keyOffset(), record.keyLength());
        out.ascii(",\"value\":");
        boolean valueShown = side(out, record.valueArray(), record.valueOffset(), record.valueLength());
        out.ascii(",\"partition\":").number(partition.partition());
        out.ascii(",\"offset\":").number(record.offset());
        if (strimzi) {
            out.ascii(",\"timestamp\":").number(record.timestamp());
            headers(out, record);
        }
        if (!keyShown || !valueShown) {
            out.ascii(",\"error_code\":").number(strimzi ? NOT_IN_FORM / 100 : NOT_IN_FORM);
            out.ascii(",\"error\":\"the ").ascii(keyShown ? "value" : "key").ascii(" is not ");
            out.ascii(form == RecordForm.JSON ? "JSON" : "UTF-8 text").ascii("; it is shown in Base64\"");
        }
        out.put('}');
    }

    private boolean side(JsonOut out, byte[] bytes, int offset, int length) {
        if (length < 0) {
            out.ascii("null");
            return true;
        }
        if (form == RecordForm.JSON && scanner.isValue(bytes, offset, length)) {
            if (scanner.isMultiLine()) {
                out.oneLine(bytes, offset, length);
            } else {
                out.raw(bytes, offset, length);
            }
            return true;
        }
        if (form == RecordForm.TEXT && Utf8.isValid(bytes, offset, length)) {
            out.string(bytes, offset, length);
            return true;
        }
        out.base64(bytes, offset, length);
        return form == RecordForm.BINARY;
    }

    private static void headers(JsonOut out, RecordCursor record) {
        int count = record.headerCount();
        if (count == 0) {
            return;
        }
        byte[] bytes = record.headerArray();
        int[] names = new int[count * 2];
        int[] values = new int[count * 2];
        record.headers(names, values);
        out.ascii(",\"headers\":[");
        for (int i = 0; i < count; i++) {
            out.ascii(i > 0 ? ",{\"key\":" : "{\"key\":");
            if (Utf8.isValid(bytes, names[2 * i], names[2 * i + 1])) {
                out.string(bytes, names[2 * i], names[2 * i + 1]);
            } else {
                out.base64(bytes, names[2 * i], names[2 * i + 1]);
            }
            out.ascii(",\"value\":");
            if (values[2 * i + 1] < 0) {
                out.ascii("null");
            } else {
                out.base64(bytes, values[2 * i], values[2 * i + 1]);
            }
            out.put('}');
        }
        out.put(']');
    }
}
