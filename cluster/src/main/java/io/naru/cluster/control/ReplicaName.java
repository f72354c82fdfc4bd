package io.naru.cluster.control;

/**
 * Which partition a broker speaks of. The id, not the name: a topic made anew under an old name is another topic.
 *
 * @param topicId   Kafka's URL-safe base64 form of a UUID
 * @param partition index
 */
public record ReplicaName(String topicId, int partition) {}
