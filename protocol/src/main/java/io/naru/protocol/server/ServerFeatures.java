package io.naru.protocol.server;

import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;

/**
 * What a cluster can do beyond what its API versions say (KIP-584), each feature at a level that cannot be changed.
 *
 * @param levels by Kafka's name; every level from 0 on is supported, this one is in force
 * @param epoch  of the levels in force: that of the metadata they are part of; below 0 while it is not known
 */
public record ServerFeatures(Map<String, Short> levels, LongSupplier epoch) {

    /** Nothing to tell of. */
    public static final ServerFeatures NONE = new ServerFeatures(Map.of(), () -> -1);

    /** Copies the map. */
    public ServerFeatures {
        levels = Map.copyOf(levels);
    }

    void tell(ApiVersionsResponseData answer) {
        long now = epoch.getAsLong();
        answer.setFinalizedFeaturesEpoch(now);
        levels.forEach((name, level) -> {
            answer.supportedFeatures()
                    .add(new SupportedFeatureKey()
                            .setName(name)
                            .setMinVersion((short) 0)
                            .setMaxVersion(level));
            if (now >= 0) {
                answer.finalizedFeatures()
                        .add(new FinalizedFeatureKey()
                                .setName(name)
                                .setMinVersionLevel(level)
                                .setMaxVersionLevel(level));
            }
        });
    }
}
