package io.naru.admin.metadata;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.Endpoint;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A registered broker. */
@Entity
@Table(name = "brokers")
class BrokerRow {

    @EmbeddedId
    @AttributeOverride(name = "id", column = @Column(name = "broker_id"))
    MemberKey key = new MemberKey("", -1);

    long epoch;
    String incarnationId = "";
    String kafkaHost = "";
    int kafkaPort;
    String httpHost = "";
    int httpPort;

    @Nullable
    String rack;

    boolean fenced;

    protected BrokerRow() {}

    BrokerRow(String clusterPath, BrokerImage broker, String incarnationId) {
        this.key = new MemberKey(clusterPath, broker.id());
        this.epoch = broker.epoch();
        this.incarnationId = incarnationId;
        this.kafkaHost = broker.kafka().host();
        this.kafkaPort = broker.kafka().port();
        this.httpHost = broker.http().host();
        this.httpPort = broker.http().port();
        this.rack = broker.rack();
        this.fenced = broker.fenced();
    }

    BrokerImage image() {
        return new BrokerImage(
                key.id(),
                epoch,
                new Endpoint(kafkaHost, kafkaPort),
                new Endpoint(httpHost, httpPort),
                rack,
                fenced,
                Map.of());
    }
}
