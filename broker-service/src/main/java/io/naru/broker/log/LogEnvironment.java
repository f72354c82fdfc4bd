package io.naru.broker.log;

import io.naru.broker.log.disk.Disk;
import java.util.random.RandomGenerator;

/**
 * What a log needs of the world.
 *
 * @param disk   file system
 * @param random source of the roll jitter; shared by all logs, so it must be safe for any thread
 */
public record LogEnvironment(Disk disk, RandomGenerator random) {

    /** The machine's file system and a random of the given seed. */
    public static LogEnvironment local(long seed) {
        return new LogEnvironment(Disk.local(), new java.util.Random(seed));
    }
}
