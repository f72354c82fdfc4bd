package io.naru.gateway.produce;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Problem;

/** The fate of a request that is one record: 201 with its place, or 202 where acks=0 leaves the place unknown. */
final class SingleRecord implements RecordOutcome {

    private static final int ANSWER_BYTES = 160;

    private final Exchange exchange;
    private final String topic;
    private final long timestamp;

    SingleRecord(Exchange exchange, String topic, long timestamp) {
        this.exchange = exchange;
        this.topic = topic;
        this.timestamp = timestamp;
    }

    @Override
    public void written(int tag, int partition, long offset, long logAppendTime) {
        JsonOut body = new JsonOut(ANSWER_BYTES);
        body.ascii("{\"topic\":\"").ascii(topic).ascii("\",\"partition\":").number(partition);
        body.ascii(",\"offset\":");
        if (offset >= 0) {
            body.number(offset);
            exchange.header("Location", "/v1/topics/" + topic + "/partitions/" + partition + "/records/" + offset);
        } else {
            body.ascii("null");
        }
        body.ascii(",\"timestamp\":")
                .number(logAppendTime >= 0 ? logAppendTime : timestamp)
                .ascii("}\n");
        exchange.answer(offset >= 0 ? 201 : 202, MediaTypes.JSON, body);
    }

    @Override
    public void failed(int tag, Problem problem) {
        exchange.fail(problem);
    }
}
