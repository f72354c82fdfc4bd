package io.naru.admin.lease;

import io.naru.admin.controller.Change;
import io.naru.cluster.control.PartitionName;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log what has become of the cluster: brokers coming and going, and what that does to partitions, a line for each kind. */
final class ClusterLog {

    private static final Logger log = LoggerFactory.getLogger(ClusterLog.class);
    private static final int EXAMPLES = 5;

    private ClusterLog() {}

    /** These changes have been committed. */
    static void committed(List<Change> changes, List<LeaderChange> leaders) {
        changes.forEach(ClusterLog::broker);
        for (LeaderChange.Kind kind : LeaderChange.Kind.values()) {
            List<PartitionName> partitions = leaders.stream()
                    .filter(change -> change.kind() == kind)
                    .map(LeaderChange::partition)
                    .toList();
            if (!partitions.isEmpty()) {
                elected(kind, partitions);
            }
        }
        List<PartitionName> lost = leaders.stream()
                .filter(change -> change.kind() == LeaderChange.Kind.NONE)
                .filter(change ->
                        change.now().isr().isEmpty() && change.now().elr().isEmpty())
                .map(LeaderChange::partition)
                .toList();
        if (!lost.isEmpty()) {
            log.atError()
                    .addKeyValue("partitions", lost.size())
                    .addKeyValue("among", examples(lost))
                    .log(
                            "No replica is known to have all records any more. Bring back the disks, or give up what is lost"
                                    + " by an unclean election");
        }
    }

    private static void broker(Change change) {
        if (change instanceof Change.BrokerRegistered registered) {
            log.atInfo()
                    .addKeyValue("brokerId", registered.broker().id())
                    .addKeyValue("brokerEpoch", registered.broker().epoch())
                    .log("Broker registered");
        } else if (change instanceof Change.BrokerFenced fenced) {
            log.atInfo()
                    .addKeyValue("brokerId", fenced.brokerId())
                    .log(fenced.fenced() ? "Broker fenced" : "Broker unfenced");
        } else if (change instanceof Change.BrokerUnregistered unregistered) {
            log.atInfo().addKeyValue("brokerId", unregistered.brokerId()).log("Broker unregistered");
        }
    }

    private static void elected(LeaderChange.Kind kind, List<PartitionName> partitions) {
        boolean bad = kind == LeaderChange.Kind.UNCLEAN || kind == LeaderChange.Kind.NONE;
        (bad ? log.atWarn() : log.atInfo())
                .addKeyValue("partitions", partitions.size())
                .addKeyValue("among", examples(partitions))
                .log(
                        switch (kind) {
                            case PREFERRED -> "Preferred leaders elected";
                            case IN_SYNC -> "Leaders elected from the ISR";
                            case ELIGIBLE -> "Leaders elected from the ELR";
                            case UNCLEAN -> "Unclean leaders elected: records may be lost";
                            case NONE -> "Partitions without a leader: no replica that has all records is alive";
                        });
    }

    static String examples(List<PartitionName> partitions) {
        return partitions.stream()
                .limit(EXAMPLES)
                .map(name -> name.topic() + "-" + name.partition())
                .collect(Collectors.joining(", "));
    }
}
