package io.naru.broker.kafka;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpointCollection;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;

/** An answer to a fetch as it is put together: partitions by topic, and who leads those that moved away (KIP-951). */
final class FetchAnswer {

    private final CurrentLeaders leaders;
    private final List<FetchableTopicResponse> topics = new ArrayList<>();
    private final NodeEndpointCollection endpoints = new NodeEndpointCollection();

    FetchAnswer(CurrentLeaders leaders) {
        this.leaders = leaders;
    }

    void add(FetchedPartition fetched, PartitionData data) {
        leaders.afterError(data.errorCode(), fetched.topic(), fetched.topicId(), fetched.partition())
                .ifPresent(leader -> {
                    data.setCurrentLeader(
                            new LeaderIdAndEpoch().setLeaderId(leader.id()).setLeaderEpoch(leader.epoch()));
                    if (endpoints.find(leader.id()) == null) {
                        endpoints.add(new NodeEndpoint()
                                .setNodeId(leader.id())
                                .setHost(leader.endpoint().host())
                                .setPort(leader.endpoint().port())
                                .setRack(leader.rack()));
                    }
                });
        FetchableTopicResponse last = topics.isEmpty() ? null : topics.get(topics.size() - 1);
        if (last == null
                || !last.topicId().equals(fetched.topicId())
                || !last.topic().equals(fetched.topic())) {
            last = new FetchableTopicResponse()
                    .setTopic(fetched.topic())
                    .setTopicId(fetched.topicId())
                    .setPartitions(new ArrayList<>());
            topics.add(last);
        }
        last.partitions().add(data);
    }

    FetchResponseData response() {
        return new FetchResponseData().setResponses(topics).setNodeEndpoints(endpoints);
    }
}
