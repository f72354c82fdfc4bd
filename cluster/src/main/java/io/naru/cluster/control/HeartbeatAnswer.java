package io.naru.cluster.control;

/**
 * Answer to a heartbeat.
 *
 * @param fenced        the sender may not lead or serve at the moment
 * @param mayShutDown   its leaderships have moved away
 * @param imageVersion  current version at the controller
 */
public record HeartbeatAnswer(boolean fenced, boolean mayShutDown, long imageVersion) {}
