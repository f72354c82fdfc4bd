package io.naru.cluster;

/**
 * Where a listener can be reached, as others should dial it (the advertised address, not the bound one).
 *
 * @param host name or IP literal, without brackets
 * @param port 1–65535
 */
public record Endpoint(String host, int port) {

    /** Refuses a blank host and a port nobody can dial. */
    public Endpoint {
        if (host.isBlank() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("not an address that can be dialled: " + host + ":" + port);
        }
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
