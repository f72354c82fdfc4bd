package io.naru.cluster.control;

import io.naru.cluster.ClusterDelta;
import io.naru.cluster.ClusterImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a follower of the cluster image is told: the whole image, or what leads to it from the one that it has.
 *
 * @param image  the image; null when there are deltas
 * @param deltas in order, the first of them for the image that the follower has
 */
public record ClusterUpdate(
        @Nullable ClusterImage image, @Nullable List<ClusterDelta> deltas) {

    /**
     * The newer image.
     *
     * @param known what the follower has, or null
     * @throws IllegalArgumentException when the deltas are not for {@code known}
     */
    public ClusterImage from(@Nullable ClusterImage known) {
        if (image != null) {
            return image;
        }
        if (known == null || deltas == null || deltas.isEmpty()) {
            throw new IllegalArgumentException("an update without an image, and nothing to build one from");
        }
        ClusterImage now = known;
        for (ClusterDelta delta : deltas) {
            now = delta.applyTo(now);
        }
        return now;
    }
}
