package io.naru.admin.metadata;

import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.Endpoint;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** A registered coordinator. */
@Entity
@Table(name = "coordinators")
class CoordinatorRow {

    @EmbeddedId
    @AttributeOverride(name = "id", column = @Column(name = "coordinator_id"))
    MemberKey key = new MemberKey("", -1);

    long epoch;
    String incarnationId = "";
    String kafkaHost = "";
    int kafkaPort;
    String httpHost = "";
    int httpPort;
    boolean alive;

    protected CoordinatorRow() {}

    CoordinatorRow(String clusterPath, CoordinatorImage coordinator, String incarnationId) {
        this.key = new MemberKey(clusterPath, coordinator.id());
        this.epoch = coordinator.epoch();
        this.incarnationId = incarnationId;
        this.kafkaHost = coordinator.kafka().host();
        this.kafkaPort = coordinator.kafka().port();
        this.httpHost = coordinator.http().host();
        this.httpPort = coordinator.http().port();
        this.alive = coordinator.alive();
    }

    CoordinatorImage image() {
        return new CoordinatorImage(
                key.id(), epoch, new Endpoint(kafkaHost, kafkaPort), new Endpoint(httpHost, httpPort), alive);
    }
}
