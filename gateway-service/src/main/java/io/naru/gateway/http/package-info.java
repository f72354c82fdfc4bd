/**
 * What every HTTP call shares. {@link io.naru.gateway.http.GatewayServlet} cuts the path, {@link io.naru.gateway.http.Router} finds the
 * {@link io.naru.gateway.http.Route}, which is handed an {@link io.naru.gateway.http.Exchange}: the raw request, a strict
 * {@link io.naru.gateway.http.Query}, and exactly one answer, from whichever thread has it. {@link io.naru.gateway.http.BodyReader} and
 * {@link io.naru.gateway.http.ResponseStream} read and write without ever blocking a thread.
 */
@NullMarked
package io.naru.gateway.http;

import org.jspecify.annotations.NullMarked;
