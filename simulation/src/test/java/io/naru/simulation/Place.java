package io.naru.simulation;

/** A partition of one topic, of which there may have been others of the same name. */
record Place(String topicId, int partition) {}
