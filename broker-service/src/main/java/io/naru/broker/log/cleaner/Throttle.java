package io.naru.broker.log.cleaner;

/** Keeps compaction from taking the disk away from everyone else. */
public interface Throttle {

    /** As fast as the disk goes. */
    Throttle NONE = bytes -> {};

    /**
     * To be called after so many bytes were read or written; returns when it is time to go on.
     *
     * @throws CleaningStoppedException when the cleaner is to stop
     */
    void used(long bytes);
}
