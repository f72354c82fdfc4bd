package io.naru.gateway.http;

import java.io.IOException;

/** Answers one method on one path. */
@FunctionalInterface
public interface Route {

    /**
     * Answers, now or later: a route that needs to wait calls {@link Exchange#suspend()} and returns. Never blocks.
     *
     * @throws ProblemException to be answered
     */
    void handle(Exchange exchange) throws IOException;
}
