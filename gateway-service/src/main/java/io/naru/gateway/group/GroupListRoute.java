package io.naru.gateway.group;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Query;
import io.naru.gateway.http.Route;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.MetadataCache;
import io.naru.protocol.client.NodeAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.Errors;

/**
 * {@code GET /v1/groups}: the groups of all coordinators, by name. Every node is asked for its own; who cannot be asked stands in the
 * answer, for its groups are missing.
 */
final class GroupListRoute implements Route {

    private static final int FIRST_BYTES = 4_096;

    private final KafkaClient client;
    private final MetadataCache metadata;

    GroupListRoute(KafkaClient client, MetadataCache metadata) {
        this.client = client;
        this.metadata = metadata;
    }

    /** What one node has said. */
    private record Told(NodeAddress node, Errors error, List<ListedGroup> groups) {}

    @Override
    public void handle(Exchange exchange) {
        Query query = exchange.query().allow("state", "type", "prefix");
        ListGroupsRequestData request = new ListGroupsRequestData();
        String state = query.text("state");
        String type = query.text("type");
        String prefix = query.text("prefix");
        request.setStatesFilter(state == null ? List.of() : List.of(state));
        request.setTypesFilter(type == null ? List.of() : List.of(type));
        exchange.suspend();
        // The nodes are learned with the topics.
        metadata.allTopics().thenCompose(topics -> askAll(request)).whenComplete((told, error) -> {
            if (error != null) {
                exchange.fail(error);
            } else {
                exchange.answer(200, MediaTypes.JSON, body(told, prefix == null ? "" : prefix));
            }
        });
    }

    private CompletableFuture<List<Told>> askAll(ListGroupsRequestData request) {
        List<CompletableFuture<Told>> asked = new ArrayList<>();
        for (NodeAddress node : metadata.nodes()) {
            asked.add(client.send(node, request, ListGroupsResponseData.class)
                    .handle((answer, down) -> down == null
                            ? new Told(node, Errors.forCode(answer.errorCode()), answer.groups())
                            : new Told(node, Errors.NETWORK_EXCEPTION, List.of())));
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(all -> asked.stream().map(CompletableFuture::join).toList());
    }

    private static JsonOut body(List<Told> told, String prefix) {
        Map<String, ListedGroup> byName = new TreeMap<>();
        List<Told> failed = new ArrayList<>();
        for (Told one : told) {
            if (one.error() != Errors.NONE) {
                failed.add(one);
            }
            one.groups().stream()
                    .filter(group -> group.groupId().startsWith(prefix))
                    .forEach(group -> byName.put(group.groupId(), group));
        }
        JsonOut out = new JsonOut(FIRST_BYTES).ascii("{\"groups\":[");
        String separator = "";
        for (ListedGroup group : byName.values()) {
            out.ascii(separator).ascii("{\"group\":").string(group.groupId());
            out.ascii(",\"type\":").string(group.groupType());
            out.ascii(",\"state\":").string(group.groupState()).put('}');
            separator = ",";
        }
        out.put(']');
        if (!failed.isEmpty()) {
            out.ascii(",\"missing\":[");
            separator = "";
            for (Told one : failed) {
                out.ascii(separator).ascii("{\"node\":").string(one.node().toString());
                out.ascii(",\"reason\":").string(one.error().name()).put('}');
                separator = ",";
            }
            out.put(']');
        }
        return out.ascii("}\n");
    }
}
