package io.naru.broker.log;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many files this process has open, sockets among them, and how many it may. */
final class FileHandles {

    private FileHandles() {}

    /** Whether more than half of them are in use; false where the system does not tell. */
    static boolean scarce() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                && system.getOpenFileDescriptorCount() > system.getMaxFileDescriptorCount() / 2;
    }

    /** The limit as people are told it. */
    static String limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? Long.toString(system.getMaxFileDescriptorCount())
                : "unknown";
    }
}
