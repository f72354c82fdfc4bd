package io.naru.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * A loopback TCP relay that can lose its temper: cut every connection, go silent with connections open, or slow down.
 * Two threads per connection; meant for a handful of them.
 *
 * <p>A Kafka client follows the addresses in Metadata, so a proxy in front of a broker is seen only by what does not
 * follow them, or when the broker advertises the proxy's address.
 */
public final class TcpProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Held> held = new ArrayList<>();
    private boolean silent;
    private boolean refusing;
    private boolean closed;
    private long delayMs;

    /** Which of the bytes of a connection. */
    public enum Way {
        /** From who connected. */
        REQUESTS,
        /** To who connected. */
        REPLIES,
        /** All. */
        BOTH
    }

    private record Held(Way way, Predicate<byte[]> clients) {}

    /** One connection; who it is of shows in the first bytes. */
    private static final class Relay {
        private volatile byte[] firstBytes = {};
    }

    private TcpProxy(ServerSocket listener, InetSocketAddress target) {
        this.listener = listener;
        this.target = target;
    }

    /** A proxy on a free loopback port in front of {@code 127.0.0.1:targetPort}. */
    public static TcpProxy to(int targetPort) {
        try {
            ServerSocket listener = new ServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            TcpProxy proxy =
                    new TcpProxy(listener, new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort));
            daemon("tcp-proxy-accept", proxy::acceptUntilClosed);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port that clients connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Closes every connection and drops new ones at once, until {@link #restore}. */
    public void cut() {
        update(() -> refusing = true);
        closeSockets();
    }

    /** Keeps connections open and accepts new ones, but carries no byte until {@link #restore}. */
    public void silence() {
        update(() -> silent = true);
    }

    /**
     * Carries no byte of what a connection's client sends, or of what it is answered, or neither, where {@code clients} says so, until
     * {@link #restore}. Adds to what is held already.
     *
     * @param clients tells by the first bytes that a client sent whether it is meant
     */
    public void hold(Way way, Predicate<byte[]> clients) {
        update(() -> held.add(new Held(way, clients)));
    }

    /** Delays each chunk of bytes, both ways. */
    public void delay(Duration delay) {
        update(() -> delayMs = delay.toMillis());
    }

    /** Back to a plain relay. What was held while silent flows on; what was cut stays cut. */
    public void restore() {
        update(() -> {
            silent = false;
            held.clear();
            refusing = false;
            delayMs = 0;
        });
    }

    @Override
    public void close() {
        update(() -> closed = true);
        closeQuietly(listener);
        closeSockets();
    }

    private void acceptUntilClosed() {
        while (true) {
            try {
                Socket client = listener.accept();
                if (isRefusing()) {
                    client.close();
                    continue;
                }
                relay(client);
            } catch (SocketException e) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void relay(Socket client) {
        Socket server = new Socket();
        sockets.add(client);
        sockets.add(server);
        try {
            server.connect(target, 5_000);
        } catch (IOException nobodyThere) {
            end(client, server);
            return;
        }
        Relay relay = new Relay();
        daemon("tcp-proxy-up", () -> pump(client, server, relay, Way.REQUESTS));
        daemon("tcp-proxy-down", () -> pump(server, client, relay, Way.REPLIES));
    }

    /** Carries bytes one way until either side ends; then both ends go, as most failures look. */
    private void pump(Socket from, Socket to, Relay relay, Way way) {
        byte[] buffer = new byte[64 * 1024];
        try {
            while (true) {
                int count = from.getInputStream().read(buffer);
                if (count < 0) {
                    break;
                }
                if (way == Way.REQUESTS && relay.firstBytes.length == 0) {
                    relay.firstBytes = Arrays.copyOf(buffer, count);
                }
                awaitPassage(relay, way);
                to.getOutputStream().write(buffer, 0, count);
            }
        } catch (IOException reset) {
            // The other side is told below; a cut is what this class is for.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(from, to);
        }
    }

    private boolean isHeld(Relay relay, Way way) {
        return silent
                || held.stream()
                        .anyMatch(one -> (one.way() == way || one.way() == Way.BOTH)
                                && one.clients().test(relay.firstBytes));
    }

    private void awaitPassage(Relay relay, Way way) throws InterruptedException {
        lock.lock();
        try {
            long delayLeftNanos = TimeUnit.MILLISECONDS.toNanos(delayMs);
            while (!closed && (isHeld(relay, way) || delayLeftNanos > 0)) {
                if (isHeld(relay, way)) {
                    changed.await();
                } else {
                    delayLeftNanos = changed.awaitNanos(delayLeftNanos);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isRefusing() {
        lock.lock();
        try {
            return refusing;
        } finally {
            lock.unlock();
        }
    }

    private void update(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void closeSockets() {
        sockets.forEach(TcpProxy::closeQuietly);
        sockets.clear();
    }

    private void end(Socket one, Socket other) {
        closeQuietly(one);
        closeQuietly(other);
        sockets.remove(one);
        sockets.remove(other);
    }

    private static void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing a socket", e);
        }
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}
