package io.naru.cluster.control;

import java.util.List;

/**
 * One result per topic asked for, in the order asked.
 *
 * @param results      what became of each
 * @param imageVersion version of the first image that shows the change; a relay waits for it before it answers its own client
 */
public record TopicResults(List<TopicResult> results, long imageVersion) {}
