package io.naru.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that sends back every byte it gets. */
class TcpProxyIT {
    private ServerSocket echo;
    private TcpProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::echoUntilClosed, "echo");
        thread.setDaemon(true);
        thread.start();
        proxy = TcpProxy.to(echo.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void carriesBytesBothWays() throws IOException {
        try (Socket socket = connect()) {
            assertThat(roundTrip(socket, 7)).isEqualTo(7);
        }
    }

    @Test
    void silenceHoldsBytesUntilRestored() throws IOException {
        try (Socket socket = connect()) {
            roundTrip(socket, 1);
            proxy.silence();
            socket.setSoTimeout(200);
            assertThatThrownBy(() -> roundTrip(socket, 2)).isInstanceOf(SocketTimeoutException.class);
            proxy.restore();
            socket.setSoTimeout(10_000);
            assertThat(socket.getInputStream().read()).isEqualTo(2);
        }
    }

    @Test
    void whatSomeClientsAreAnsweredCanBeHeld() throws IOException {
        try (Socket one = connect();
                Socket two = connect()) {
            roundTrip(one, 1);
            roundTrip(two, 2);
            proxy.hold(TcpProxy.Way.REPLIES, first -> first[0] == 2);
            assertThat(roundTrip(one, 3)).isEqualTo(3);
            two.setSoTimeout(200);
            assertThatThrownBy(() -> roundTrip(two, 4)).isInstanceOf(SocketTimeoutException.class);
            proxy.restore();
            two.setSoTimeout(10_000);
            assertThat(two.getInputStream().read()).isEqualTo(4);
        }
    }

    @Test
    void cutEndsConnectionsAndRestoreLetsNewOnesIn() throws IOException {
        try (Socket socket = connect()) {
            roundTrip(socket, 1);
            proxy.cut();
            assertThat(endOf(socket)).isTrue();
        }
        try (Socket refused = connect()) {
            assertThat(endOf(refused)).isTrue();
        }
        proxy.restore();
        try (Socket socket = connect()) {
            assertThat(roundTrip(socket, 3)).isEqualTo(3);
        }
    }

    @Test
    void delaySlowsEachWay() throws IOException {
        try (Socket socket = connect()) {
            proxy.delay(Duration.ofMillis(60));
            long start = System.nanoTime();
            assertThat(roundTrip(socket, 9)).isEqualTo(9);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(120));
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static int roundTrip(Socket socket, int value) throws IOException {
        socket.getOutputStream().write(value);
        return socket.getInputStream().read();
    }

    private static boolean endOf(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private void echoUntilClosed() {
        while (!echo.isClosed()) {
            try {
                Socket socket = echo.accept();
                Thread thread = new Thread(() -> echo(socket), "echo-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException cut) {
            // The client went away; so does this end.
        }
    }
}
