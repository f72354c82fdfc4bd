package io.naru.admin.metadata;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One cluster and the lease on its controller. */
@Entity
@Table(name = "clusters")
class ClusterRow {

    @Id
    String path = "";

    String clusterId = "";
    long imageVersion;
    long nextProducerId;
    int controllerEpoch;

    @Nullable
    String leaseHolder;

    Instant leaseExpiresAt = Instant.EPOCH;
}
