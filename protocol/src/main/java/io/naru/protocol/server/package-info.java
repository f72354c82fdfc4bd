/**
 * The listener. The way of a request: {@code FrameDecoder} → {@code ConnectionHandler} (header, limits, order) → the
 * {@link io.naru.protocol.server.RequestHandler} of its API key, on the worker executor and in the connection's order → its response, when
 * its stage completes, back on the event loop in the order of the requests.
 */
@NullMarked
package io.naru.protocol.server;

import org.jspecify.annotations.NullMarked;
