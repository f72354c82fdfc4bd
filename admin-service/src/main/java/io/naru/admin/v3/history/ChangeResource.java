package io.naru.admin.v3.history;

import io.naru.admin.controller.Note;
import io.naru.admin.metadata.ChangeHistory;
import io.naru.admin.metadata.ChangeHistory.Place;
import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Page;
import io.naru.admin.v3.PageRequest;
import io.naru.admin.v3.V3Exception;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code …/changes}: the change history. Reads the database on the request's own thread. */
@RestController
@RequestMapping(path = "/v3/clusters/{cluster_id}/changes", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Change history", description = "Who changed what, and when.")
class ChangeResource {

    private static final int PAGE = 100;

    private final CurrentCluster current;
    private final ChangeHistory history;

    ChangeResource(CurrentCluster current, ChangeHistory history) {
        this.current = current;
        this.history = history;
    }

    @GetMapping
    @Operation(
            operationId = "listKafkaChanges",
            summary = "List changes, the newest first",
            description =
                    "Every change of topics, configs, partitions and brokers, whether it came over REST or from a Kafka client;"
                            + " of groups and records, what came over REST: coordinators and brokers do that, and a Kafka"
                            + " client asks them without the controller. 100 on a page unless page_size says otherwise.")
    ChangeDataList list(
            @PathVariable("cluster_id") String clusterId,
            @Parameter(description = "Only changes of such things.")
                    @RequestParam(name = "resource_type", required = false)
                    Note.@Nullable Kind kind,
            @Parameter(description = "Only changes of the thing of this name.")
                    @RequestParam(name = "resource_name", required = false)
                    @Nullable
                    String resource,
            PageRequest page,
            HttpServletRequest request) {
        current.image(clusterId);
        Location changes = Location.cluster(request, clusterId).collection("changes");
        Place before = page.after().map(ChangeResource::place).orElse(Place.END);
        ChangeHistory.Page found = history.page(new ChangeHistory.Query(kind, resource, before, page.sizeOr(PAGE)));
        Place next = found.next();
        Page<ChangeHistory.Entry> entries = page.found(found.entries(), next == null ? null : next.toString());
        return new ChangeDataList(
                "KafkaChangeList",
                entries.metadata(changes),
                entries.map(entry -> ChangeData.of(clusterId, entry, changes)));
    }

    @GetMapping("/{change_id}")
    @Operation(operationId = "getKafkaChange", summary = "Get a change")
    ChangeData get(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("change_id") String changeId,
            HttpServletRequest request) {
        current.image(clusterId);
        Place place = place(changeId);
        Place after = new Place(place.imageVersion(), place.ordinal() + 1);
        Optional<ChangeHistory.Entry> found =
                history.page(new ChangeHistory.Query(null, null, after, 1)).entries().stream()
                        .filter(entry -> entry.place().equals(place))
                        .findFirst();
        return found.map(entry -> ChangeData.of(
                        clusterId, entry, Location.cluster(request, clusterId).collection("changes")))
                .orElseThrow(() -> V3Exception.notFound("There is no change '" + changeId + "'."));
    }

    private static Place place(String text) {
        try {
            return Place.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw V3Exception.badRequest("'" + text + "' is no id of a change; they look like 12.0.");
        }
    }
}
