package io.naru.admin.controller;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The process that registered a broker.
 *
 * @param incarnationId new with every start
 * @param logDirs       ids of its data directories
 */
public record BrokerProcess(String incarnationId, List<String> logDirs) {

    /** Copies the list. */
    public BrokerProcess {
        logDirs = List.copyOf(logDirs);
    }

    /** Whether a directory that {@code former} had is not there any more. */
    boolean lacksDirectoriesOf(BrokerProcess former) {
        return !logDirs.containsAll(former.logDirs);
    }

    /** This process, with the directories of an earlier registration of it too: one that fails while it runs may yet come back. */
    BrokerProcess withDirectoriesOf(BrokerProcess earlier) {
        Set<String> all = new LinkedHashSet<>(earlier.logDirs);
        all.addAll(logDirs);
        return new BrokerProcess(incarnationId, new ArrayList<>(all));
    }
}
