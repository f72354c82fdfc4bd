package io.naru.protocol.client;

/**
 * How connections to nodes behave.
 *
 * @param clientId          sent with every request; seen in the nodes' logs
 * @param connectTimeoutMs  for TCP connect and ApiVersions each
 * @param requestTimeoutMs  an unanswered request closes its connection after so long, on top of what the request itself asks the node to wait
 * @param responseBytesMax  largest response
 */
public record ClientOptions(String clientId, int connectTimeoutMs, long requestTimeoutMs, int responseBytesMax) {

    /** Sensible defaults under a name. */
    public static ClientOptions named(String clientId) {
        return new ClientOptions(clientId, 3_000, 30_000, 256 * 1024 * 1024);
    }
}
