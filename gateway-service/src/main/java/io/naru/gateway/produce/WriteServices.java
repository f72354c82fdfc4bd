package io.naru.gateway.produce;

import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.LimitsProperties;
import java.util.concurrent.Executor;

/**
 * What requests need to write.
 *
 * @param bodies    reads what they send
 * @param directory knows where topics are
 * @param batcher   writes
 * @param workers   go on with a stream that had to wait for acknowledgements
 * @param limits    of bodies
 * @param manners   of all that write
 */
public record WriteServices(
        BodyReader bodies,
        TopicDirectory directory,
        ProduceBatcher batcher,
        Executor workers,
        LimitsProperties limits,
        WriteManners manners) {}
