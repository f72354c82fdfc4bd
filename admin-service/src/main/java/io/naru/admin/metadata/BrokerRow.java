package io.naru.admin.metadata;

import io.naru.admin.controller.BrokerProcess;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.Endpoint;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
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

    @Convert(converter = DirectoryIdsConverter.class)
    List<String> logDirs = List.of();

    protected BrokerRow() {}

    BrokerRow(String clusterPath, BrokerImage broker, BrokerProcess process) {
        this.key = new MemberKey(clusterPath, broker.id());
        this.epoch = broker.epoch();
        this.incarnationId = process.incarnationId();
        this.kafkaHost = broker.kafka().host();
        this.kafkaPort = broker.kafka().port();
        this.httpHost = broker.http().host();
        this.httpPort = broker.http().port();
        this.rack = broker.rack();
        this.fenced = broker.fenced();
        this.logDirs = process.logDirs();
    }

    BrokerProcess process() {
        return new BrokerProcess(incarnationId, logDirs);
    }

    BrokerImage image(Map<String, String> configs) {
        return new BrokerImage(
                key.id(),
                epoch,
                new Endpoint(kafkaHost, kafkaPort),
                new Endpoint(httpHost, httpPort),
                rack,
                fenced,
                configs);
    }
}
