package io.naru.broker.partition;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.control.BrokerRegistration;
import java.util.Map;

/**
 * The brokers of the newest image, for what a leader asks about its followers (KIP-903).
 *
 * @param brokers by node id; immutable
 */
record BrokerEpochs(Map<Integer, BrokerImage> brokers) {

    /** Before the first image. */
    static final BrokerEpochs NONE = new BrokerEpochs(Map.of());

    /** Epoch of the broker's present registration, or −1 when it has none. */
    long epochOf(int brokerId) {
        BrokerImage broker = brokers.get(brokerId);
        return broker == null ? BrokerRegistration.UNKNOWN_EPOCH : broker.epoch();
    }

    /** Whether the broker serves, in the registration in which it fetched. */
    boolean serves(int brokerId, long brokerEpoch) {
        BrokerImage broker = brokers.get(brokerId);
        return broker != null && !broker.fenced() && broker.epoch() == brokerEpoch;
    }
}
