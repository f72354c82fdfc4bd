package io.naru.gateway.group;

import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.Problem;
import org.jspecify.annotations.Nullable;

/** Answers {@code POST /v1/groups/{g}/poll}. */
final class NativeSink implements PollSink {

    private final Exchange exchange;
    private final PollRequest request;
    private final @Nullable GroupCursor base;
    private final GroupServices services;

    NativeSink(Exchange exchange, PollRequest request, @Nullable GroupCursor base, GroupServices services) {
        this.exchange = exchange;
        this.request = request;
        this.base = base;
        this.services = services;
    }

    @Override
    public RecordShape shape() {
        return new NativeShape(request.keyFormat(), request.valueFormat());
    }

    @Override
    public void answer(PollRecords records, Result result) {
        JsonOut out = records.out();
        new PollAnswer(base, result).write(out, services.signer());
        PollAnswer.send(exchange, out, services.reads().memory());
    }

    @Override
    public void fail(Problem problem) {
        exchange.fail(problem);
    }
}
