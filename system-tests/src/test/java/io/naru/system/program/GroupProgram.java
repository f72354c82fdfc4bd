package io.naru.system.program;

import io.naru.testkit.KafkaEndpoint;

/** Groups of genuine clients, from both sides: members and administrators. */
public final class GroupProgram {
    private GroupProgram() {}

    /** Runs it once, on a fresh server. */
    public static Transcript run(KafkaEndpoint endpoint) throws Exception {
        Transcript transcript = new Transcript();
        new ClassicGroupSteps(endpoint, transcript).run();
        new GroupAdminSteps(endpoint, transcript).run();
        return transcript;
    }
}
