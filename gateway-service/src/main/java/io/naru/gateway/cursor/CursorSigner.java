package io.naru.gateway.cursor;

import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs and checks cursors. A cursor is base64url (RFC 4648 §5, no padding) of
 *
 * <pre>
 *   0      version, 1
 *   1      kind: 'G' of a group, 'T' of a topic
 *   2 …    what the kind says
 *   n−16   HMAC-SHA256 over all before it, its first 16 bytes
 * </pre>
 *
 * Thread-safe.
 */
public final class CursorSigner {

    static final int CHARS_MAX = 512 * 1024;

    private static final byte VERSION = 1;
    private static final int HEAD_BYTES = 2;
    private static final int MAC_BYTES = 16;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    private CursorSigner(SecretKeySpec key) {
        this.key = key;
    }

    /** A signer whose key follows from a secret, or from whatever all gateways of a cluster know. */
    public static CursorSigner of(String secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("naru cursor 1:".getBytes(StandardCharsets.UTF_8));
            return new CursorSigner(
                    new SecretKeySpec(digest.digest(secret.getBytes(StandardCharsets.UTF_8)), ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    String sign(char kind, CursorOut content) {
        byte[] bytes = new byte[HEAD_BYTES + content.size() + MAC_BYTES];
        bytes[0] = VERSION;
        bytes[1] = (byte) kind;
        System.arraycopy(content.toByteArray(), 0, bytes, HEAD_BYTES, content.size());
        int signed = bytes.length - MAC_BYTES;
        System.arraycopy(mac(bytes, signed), 0, bytes, signed, MAC_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * The content of a cursor.
     *
     * @param field where the cursor stands in the request, for the message
     * @throws ProblemException when it is not one, or not ours
     */
    CursorIn open(char kind, String text, String field) {
        if (text.length() > CHARS_MAX) {
            throw bad(field, "is longer than any cursor that was given out");
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw bad(field, "is not a cursor; hand back a cursor as it was given out, whole and unchanged");
        }
        int signed = bytes.length - MAC_BYTES;
        if (signed < HEAD_BYTES) {
            throw bad(field, "is cut short; hand back a cursor as it was given out, whole and unchanged");
        }
        byte[] expected = Arrays.copyOf(mac(bytes, signed), MAC_BYTES);
        if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(bytes, signed, bytes.length))) {
            throw bad(
                    field,
                    "was not given out by a gateway of this cluster, or was changed. Hand back a cursor as it was given out; "
                            + "gateways that share a cluster need the same naru.gateway.cursor-secret");
        }
        if (bytes[0] != VERSION) {
            throw bad(field, "is of version " + bytes[0] + ", which this gateway does not know");
        }
        if (bytes[1] != kind) {
            throw bad(field, kind == 'G' ? "is not of a group" : "is not of a topic");
        }
        return new CursorIn(bytes, HEAD_BYTES, signed);
    }

    private byte[] mac(byte[] bytes, int length) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(bytes, 0, length);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    static ProblemException bad(String field, String what) {
        return Problem.of(ProblemKind.BAD_CURSOR, field + " " + what).exception();
    }
}
