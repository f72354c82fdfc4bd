package io.naru.admin.metadata;

import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** A topic; its configs and partitions are rows of their own. */
@Entity
@Table(name = "topics")
class TopicRow {

    @EmbeddedId
    TopicKey key = new TopicKey("", "");

    String topicId = "";

    protected TopicRow() {}

    TopicRow(String clusterPath, String name, String topicId) {
        this.key = new TopicKey(clusterPath, name);
        this.topicId = topicId;
    }
}
