package io.naru.admin.v3;

import io.naru.admin.Actors;
import io.naru.admin.controller.Controller;
import io.naru.admin.controller.Decision;
import io.naru.admin.lease.ControllerThread;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** Decisions of the controller, made or only looked at. */
public final class Decide {

    private Decide() {}

    /**
     * Has the controller decide.
     *
     * @param request      whose change it is, for the change history
     * @param validateOnly answer what would become of it, and change nothing
     */
    public static <A> CompletableFuture<A> on(
            ControllerThread controller,
            HttpServletRequest request,
            boolean validateOnly,
            String name,
            BiFunction<Controller, Long, Decision<A>> event) {
        return validateOnly ? controller.preview(name, event) : controller.call(name, Actors.ofUser(request), event);
    }
}
