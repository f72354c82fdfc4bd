package io.naru.admin.v3.acl;

import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.V3Exception;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v3/clusters/{cluster_id}/acls}: answered as Kafka does without an authorizer, so that tools which ask first can tell. */
@RestController
@RequestMapping(path = "/v3/clusters/{cluster_id}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "ACL", description = "There is no authorizer yet: every call is refused with code 40002.")
class AclResource {

    private static final String ACLS = "/acls";

    private final CurrentCluster current;

    AclResource(CurrentCluster current) {
        this.current = current;
    }

    @GetMapping(ACLS)
    @Operation(operationId = "getKafkaAcls", summary = "List ACLs")
    @ApiResponse(responseCode = "200", description = "Never: there is no authorizer.", content = @Content)
    @AclFilters
    ResponseEntity<Void> list(
            @PathVariable("cluster_id") String clusterId,
            @Parameter(hidden = true) @RequestParam Map<String, String> filters) {
        return refuse(clusterId);
    }

    @PostMapping(ACLS)
    @Operation(operationId = "createKafkaAcls", summary = "Create an ACL")
    @ApiResponse(responseCode = "201", description = "Never: there is no authorizer.", content = @Content)
    ResponseEntity<Void> create(@PathVariable("cluster_id") String clusterId) {
        return refuse(clusterId);
    }

    @DeleteMapping(ACLS)
    @Operation(operationId = "deleteKafkaAcls", summary = "Delete ACLs")
    @ApiResponse(responseCode = "200", description = "Never: there is no authorizer.", content = @Content)
    @AclFilters
    ResponseEntity<Void> delete(
            @PathVariable("cluster_id") String clusterId,
            @Parameter(hidden = true) @RequestParam Map<String, String> filters) {
        return refuse(clusterId);
    }

    @PostMapping(ACLS + ":batch")
    @Operation(operationId = "batchCreateKafkaAcls", summary = "Create ACLs")
    @ApiResponse(responseCode = "201", description = "Never: there is no authorizer.", content = @Content)
    ResponseEntity<Void> createAll(@PathVariable("cluster_id") String clusterId) {
        return refuse(clusterId);
    }

    private ResponseEntity<Void> refuse(String clusterId) {
        current.image(clusterId);
        throw V3Exception.of(Errors.SECURITY_DISABLED, "No authorizer is configured: there are no ACLs.");
    }
}
