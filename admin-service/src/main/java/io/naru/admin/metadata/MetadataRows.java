package io.naru.admin.metadata;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.repository.Repository;

/**
 * Queries over the rows of a cluster. One repository, because a controller's metadata is read and written as one thing. In SQL that H2
 * and PostgreSQL share: a query language of its own would be parsed, twice, at every start.
 */
interface MetadataRows extends Repository<ClusterRow, String> {

    /** The cluster, and nobody else changes it before this transaction ends. */
    @NativeQuery("select * from clusters where path = :path for update")
    Optional<ClusterRow> lock(String path);

    /** The clock that all admin-services share; in PostgreSQL the time at which the transaction began. */
    @NativeQuery("select current_timestamp")
    Instant now();

    /** The lease check of every change: 0 when the epoch is over. Holds the row until the transaction ends. */
    @Modifying
    @NativeQuery("update clusters set image_version = :version, next_producer_id = :nextProducerId"
            + " where path = :path and controller_epoch = :epoch")
    int advance(String path, int epoch, long version, long nextProducerId);

    /** 0 when the epoch is over. */
    @Modifying
    @NativeQuery("update clusters set lease_expires_at = :expiry where path = :path and controller_epoch = :epoch")
    int renew(String path, int epoch, Instant expiry);

    /** 0 when the epoch is over. */
    @Modifying
    @NativeQuery("update clusters set lease_holder = null where path = :path and controller_epoch = :epoch")
    int release(String path, int epoch);

    @NativeQuery("select * from brokers where cluster_path = :path")
    List<BrokerRow> brokers(String path);

    @Modifying
    @NativeQuery("update brokers set fenced = :fenced where cluster_path = :path and broker_id = :id")
    int fence(String path, int id, boolean fenced);

    @Modifying
    @NativeQuery("delete from brokers where cluster_path = :path and broker_id = :id")
    int deleteBroker(String path, int id);

    @NativeQuery("select * from coordinators where cluster_path = :path")
    List<CoordinatorRow> coordinators(String path);

    @Modifying
    @NativeQuery("update coordinators set alive = :alive where cluster_path = :path and coordinator_id = :id")
    int alive(String path, int id, boolean alive);

    @NativeQuery("select * from topics where cluster_path = :path")
    List<TopicRow> topics(String path);

    @NativeQuery("select * from topic_configs where cluster_path = :path")
    List<TopicConfigRow> topicConfigs(String path);

    /** In order of the index within each topic. */
    @NativeQuery("select * from partitions where cluster_path = :path order by topic, partition_index")
    List<PartitionRow> partitions(String path);

    /** In order. */
    @NativeQuery("select * from shards where cluster_path = :path order by shard")
    List<ShardRow> shards(String path);

    @Modifying
    @NativeQuery("delete from topic_configs where cluster_path = :path and topic in (:topics)")
    int deleteConfigs(String path, Collection<String> topics);

    @Modifying
    @NativeQuery("delete from partitions where cluster_path = :path and topic in (:topics)")
    int deletePartitions(String path, Collection<String> topics);

    @Modifying
    @NativeQuery("delete from topics where cluster_path = :path and name in (:topics)")
    int deleteTopics(String path, Collection<String> topics);

    @NativeQuery("select * from broker_configs where cluster_path = :path")
    List<BrokerConfigRow> brokerConfigs(String path);

    @Modifying
    @NativeQuery("delete from broker_configs where cluster_path = :path and broker_id = :id")
    int deleteBrokerConfigs(String path, int id);

    /** The newest first; an empty kind or resource stands for all. */
    @NativeQuery("select * from change_history where cluster_path = :path and (:kind = '' or resource_kind = :kind)"
            + " and (:resource = '' or resource = :resource)"
            + " and (image_version < :version or (image_version = :version and ordinal < :ordinal))"
            + " order by image_version desc, ordinal desc limit :limit")
    List<ChangeRow> changes(String path, String kind, String resource, long version, int ordinal, int limit);

    @Modifying
    @NativeQuery("delete from change_history where cluster_path = :path and changed_at < :before")
    int forgetChanges(String path, Instant before);
}
