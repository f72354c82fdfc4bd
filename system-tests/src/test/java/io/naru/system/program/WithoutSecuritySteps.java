package io.naru.system.program;

import static io.naru.system.program.AdminSteps.get;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** What a server without authorizer, authentication and quotas says of them; and what has configs. */
final class WithoutSecuritySteps {

    private final Admin admin;
    private final Transcript transcript;

    WithoutSecuritySteps(Admin admin, Transcript transcript) {
        this.admin = admin;
        this.transcript = transcript;
    }

    void run() throws Exception {
        AclBinding acl = new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, "t", PatternType.LITERAL),
                new AccessControlEntry("User:me", "*", AclOperation.READ, AclPermissionType.ALLOW));
        transcript.noteOutcome(
                "describe acls",
                () -> get(admin.describeAcls(AclBindingFilter.ANY).values()));
        transcript.noteOutcome(
                "create acls", () -> get(admin.createAcls(List.of(acl)).all()));
        transcript.noteOutcome(
                "delete acls",
                () -> get(admin.deleteAcls(List.of(AclBindingFilter.ANY)).all()));
        transcript.noteOutcome(
                "quotas",
                () -> get(admin.describeClientQuotas(ClientQuotaFilter.all()).entities()));
        transcript.noteOutcome(
                "scram users", () -> get(admin.describeUserScramCredentials().users()));
        transcript.noteOutcome(
                "create token", () -> get(admin.createDelegationToken().delegationToken()));
        transcript.noteOutcome(
                "describe tokens", () -> get(admin.describeDelegationToken().delegationTokens()));
        transcript.noteOutcome(
                "transactions", () -> get(admin.listTransactions().all()));
        transcript.note("features", features());
        transcript.note("config resources", resources(Set.of(ConfigResource.Type.TOPIC)));
        transcript.note(
                "broker resources",
                resources(Set.of(ConfigResource.Type.BROKER)).size());
    }

    private Object features() throws Exception {
        return get(admin.describeFeatures().featureMetadata())
                .finalizedFeatures()
                .get("group.version");
    }

    private Set<String> resources(Set<ConfigResource.Type> types) throws Exception {
        return get(admin.listConfigResources(types, new ListConfigResourcesOptions())
                        .all())
                .stream()
                .map(resource -> resource.type() + " " + resource.name())
                .filter(name -> !name.contains("__"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
