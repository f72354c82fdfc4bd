package io.naru.protocol.server;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Answers one API.
 *
 * @param <Q> request class of kafka-clients
 */
public interface RequestHandler<Q extends ApiMessage> {

    /** The API answered. */
    ApiKeys apiKey();

    /** Oldest version answered. */
    default short versionMin() {
        return apiKey().oldestVersion();
    }

    /** Newest version answered. */
    default short versionMax() {
        return apiKey().latestVersion();
    }

    /** Tags of Naru's own fields that this handler acts on, see {@link io.naru.protocol.extension}. */
    default Set<Integer> extensions() {
        return Set.of();
    }

    /**
     * Whether the request is still needed after {@link #handle} has returned. If not, its frame and the memory it counts for are given
     * back then, and not only with the answer: an answer that waits for other requests must not keep them out.
     */
    default boolean holdsFrame() {
        return true;
    }

    /**
     * Answers a request. Called on a worker thread, after the previous request of the same connection was handled (not
     * necessarily answered), so what is done before this method returns happens in the client's order.
     *
     * @param request parsed; byte fields and records are views of the frame, which is released when the returned stage completes, or before (see {@link #holdsFrame})
     * @return the response, or null for none (Produce with acks=0). A stage that fails, or a throw, closes the connection: expected
     *     errors belong into the response
     */
    CompletionStage<? extends @Nullable ApiMessage> handle(Q request, RequestContext context);
}
