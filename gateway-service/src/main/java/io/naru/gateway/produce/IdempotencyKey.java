package io.naru.gateway.produce;

import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The {@code Idempotency-Key} of a request as the identity that it is written under: each key of a topic is a producer of its own, whose
 * only record has the sequence number 0. The producer id is a hash of both, above all ids that clusters hand out, so every gateway comes
 * to the same one, and the brokers recognise a repetition for as long as they remember producers
 * ({@code producer.id.expiration.ms}, a day by default).
 */
final class IdempotencyKey {

    static final String HEADER = "Idempotency-Key";

    private static final int LENGTH_MAX = 255;
    private static final long UPPER_HALF = 1L << 62;

    private final long hash;

    private IdempotencyKey(long hash) {
        this.hash = hash;
    }

    /**
     * Of a request.
     *
     * @throws io.naru.gateway.http.ProblemException 400 for what is no key
     */
    static IdempotencyKey of(String topic, String key) {
        if (key.isBlank() || key.length() > LENGTH_MAX) {
            throw Problem.of(ProblemKind.BAD_PARAMETER, "Idempotency-Key must have 1 to " + LENGTH_MAX + " characters")
                    .exception();
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(topic.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(key.getBytes(StandardCharsets.ISO_8859_1));
            return new IdempotencyKey(ByteBuffer.wrap(digest.digest()).getLong() & (UPPER_HALF - 1));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    ProducerIdentity identity() {
        return new ProducerIdentity(UPPER_HALF | hash, (short) 0);
    }

    /** Where a record goes that neither its partition nor its key place: every time to the same partition. */
    int partition(int partitions) {
        return (int) (hash % partitions);
    }
}
