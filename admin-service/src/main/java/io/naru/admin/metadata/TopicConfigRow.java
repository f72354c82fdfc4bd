package io.naru.admin.metadata;

import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** A config set on a topic. */
@Entity
@Table(name = "topic_configs")
class TopicConfigRow {

    @EmbeddedId
    TopicConfigKey key = new TopicConfigKey("", "", "");

    String configValue = "";

    protected TopicConfigRow() {}

    TopicConfigRow(String clusterPath, String topic, String name, String value) {
        this.key = new TopicConfigKey(clusterPath, topic, name);
        this.configValue = value;
    }
}
