package io.naru.service.http;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.AbstractProcessor;
import org.apache.coyote.Constants;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's HTTP/1.1 with a limit on how long a head may take in all. Tomcat itself limits only the time between two bytes, so that a
 * client which sends one now and then would keep its connection for ever.
 *
 * <p>Public with a public constructor because Tomcat makes it by name.
 */
public final class GuardedHttp11Protocol extends Http11NioProtocol {

    private static final long HEAD_SECONDS_MAX = 30;
    private static final long SWEEP_SECONDS = 2;

    private @Nullable ScheduledFuture<?> sweeping;

    @Override
    public void start() throws Exception {
        super.start();
        sweeping = getUtilityExecutor()
                .scheduleWithFixedDelay(this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void stop() throws Exception {
        ScheduledFuture<?> current = sweeping;
        if (current != null) {
            current.cancel(false);
        }
        super.stop();
    }

    private void sweep() {
        long now = System.nanoTime();
        for (SocketWrapperBase<?> socket : getEndpoint().getConnections()) {
            if (socket.getCurrentProcessor() instanceof AbstractProcessor processor
                    && isLate(processor.getRequest(), now)) {
                socket.close();
            }
        }
    }

    private static boolean isLate(Request request, long now) {
        long begun = request.getStartTimeNanos();
        return request.getRequestProcessor().getStage() == Constants.STAGE_PARSE
                && begun >= 0
                && now - begun > TimeUnit.SECONDS.toNanos(HEAD_SECONDS_MAX);
    }
}
