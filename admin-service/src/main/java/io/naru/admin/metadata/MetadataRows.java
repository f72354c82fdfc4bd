package io.naru.admin.metadata;

import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Queries over the rows of a cluster. One repository, because a controller's metadata is read and written as one thing. */
interface MetadataRows extends Repository<ClusterRow, String> {

    /** The cluster, and nobody else changes it before this transaction ends. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select c from ClusterRow c where c.path = :path")
    Optional<ClusterRow> lock(String path);

    /** The lease check of every change: 0 when the epoch is over. Holds the row until the transaction ends. */
    @Modifying
    @Query("update ClusterRow c set c.imageVersion = :version, c.nextProducerId = :nextProducerId"
            + " where c.path = :path and c.controllerEpoch = :epoch")
    int advance(String path, int epoch, long version, long nextProducerId);

    /** 0 when the epoch is over. */
    @Modifying
    @Query("update ClusterRow c set c.leaseExpiresAt = :expiry where c.path = :path and c.controllerEpoch = :epoch")
    int renew(String path, int epoch, Instant expiry);

    /** 0 when the epoch is over. */
    @Modifying
    @Query("update ClusterRow c set c.leaseHolder = null where c.path = :path and c.controllerEpoch = :epoch")
    int release(String path, int epoch);

    @Query("select b from BrokerRow b where b.key.clusterPath = :path")
    List<BrokerRow> brokers(String path);

    @Modifying
    @Query("update BrokerRow b set b.fenced = :fenced where b.key.clusterPath = :path and b.key.id = :id")
    int fence(String path, int id, boolean fenced);

    @Query("select c from CoordinatorRow c where c.key.clusterPath = :path")
    List<CoordinatorRow> coordinators(String path);

    @Modifying
    @Query("update CoordinatorRow c set c.alive = :alive where c.key.clusterPath = :path and c.key.id = :id")
    int alive(String path, int id, boolean alive);

    @Query("select t from TopicRow t where t.key.clusterPath = :path")
    List<TopicRow> topics(String path);

    @Query("select c from TopicConfigRow c where c.key.clusterPath = :path")
    List<TopicConfigRow> topicConfigs(String path);

    @Query("select p from PartitionRow p where p.key.clusterPath = :path order by p.key.topic, p.key.partitionIndex")
    List<PartitionRow> partitions(String path);

    @Query("select p from PartitionRow p where p.key.clusterPath = :path and p.key.topic in :topics")
    List<PartitionRow> partitions(String path, Collection<String> topics);

    @Query("select s from ShardRow s where s.key.clusterPath = :path order by s.key.shard")
    List<ShardRow> shards(String path);

    @Modifying
    @Query("delete from TopicConfigRow c where c.key.clusterPath = :path and c.key.topic in :topics")
    int deleteConfigs(String path, Collection<String> topics);

    @Modifying
    @Query("delete from PartitionRow p where p.key.clusterPath = :path and p.key.topic in :topics")
    int deletePartitions(String path, Collection<String> topics);

    @Modifying
    @Query("delete from TopicRow t where t.key.clusterPath = :path and t.key.name in :topics")
    int deleteTopics(String path, Collection<String> topics);
}
