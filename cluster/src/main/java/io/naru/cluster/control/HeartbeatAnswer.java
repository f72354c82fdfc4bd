package io.naru.cluster.control;

/**
 * Answer to a heartbeat.
 *
 * @param fenced        the sender may not lead or serve at the moment
 * @param mayShutDown   it leads nothing that another could lead, and the others have seen that; it is fenced now
 * @param imageVersion  current version at the controller
 */
public record HeartbeatAnswer(boolean fenced, boolean mayShutDown, long imageVersion) {}
