package io.naru.simulation;

import io.naru.cluster.control.ImageHolder;
import java.util.function.BooleanSupplier;

/** One process's way to newer images, as ImageFollower goes it. */
final class ImagePolls {

    private static final long WAIT_MS = 3_000;
    private static final long RETRY_MS = 250;

    private final SimulatedProcess process;
    private final ControlPlane controlPlane;
    private final ImageHolder images;
    private final BooleanSupplier over;
    private boolean started;

    ImagePolls(SimulatedProcess process, ControlPlane controlPlane, ImageHolder images, BooleanSupplier over) {
        this.process = process;
        this.controlPlane = controlPlane;
        this.images = images;
        this.over = over;
    }

    /** Begins, if it has not begun yet. */
    void start() {
        if (!started) {
            started = true;
            poll();
        }
    }

    private void poll() {
        controlPlane.image(images.current().orElse(null), WAIT_MS).whenComplete((image, error) -> {
            if (over.getAsBoolean()) {
                return;
            }
            if (error == null) {
                image.ifPresent(images::offer);
                process.execute(this::poll);
            } else {
                process.afterMs(RETRY_MS, this::poll);
            }
        });
    }
}
