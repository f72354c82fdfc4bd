package io.naru.system.program;

import io.naru.testkit.KafkaEndpoint;

/** The whole program, step by step. It expects a fresh server that creates topics on first use. */
public final class ClientProgram {
    private ClientProgram() {}

    /**
     * Runs it once.
     *
     * @param baseTimestamp the timestamp of the first record, epoch ms: recent, and the same for runs to be compared
     */
    public static Transcript run(KafkaEndpoint endpoint, long baseTimestamp) throws Exception {
        Transcript transcript = new Transcript();
        new AdminSteps(endpoint, transcript).run();
        new ProduceSteps(endpoint, transcript, baseTimestamp).run();
        new AssignSteps(endpoint, transcript, baseTimestamp).run();
        new GroupSteps(endpoint, transcript).run();
        new ErrorSteps(endpoint, transcript).run();
        return transcript;
    }
}
