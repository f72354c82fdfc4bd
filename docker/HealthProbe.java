import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The image's health check, where there is no curl: every service that runs in this container has left its ports in
 * the run directory (first argument); all of them must report ready. Exit code 0 when they do, 1 otherwise, with the
 * reason on standard output, where `docker inspect` shows it.
 */
final class HealthProbe {
    private static final Pattern MANAGEMENT_PORT = Pattern.compile("\"management\"\\s*:\\s*(\\d+)");
    private static final int TIMEOUT_MS = 3_000;

    private HealthProbe() {}

    public static void main(String[] args) throws IOException {
        int services = 0;
        try (DirectoryStream<Path> runFiles = Files.newDirectoryStream(Path.of(args[0]), "*.json")) {
            for (Path runFile : runFiles) {
                Matcher port = MANAGEMENT_PORT.matcher(Files.readString(runFile));
                String service = runFile.getFileName().toString().replace(".json", "");
                if (!port.find()) {
                    fail(service + ": no management port in " + runFile);
                }
                int status = readiness(service, Integer.parseInt(port.group(1)));
                if (status != 200) {
                    fail(service + ": readiness answers " + status);
                }
                services++;
            }
        } catch (IOException e) {
            fail(e.toString());
        }
        if (services == 0) {
            fail("nothing has started yet");
        }
        System.out.println(services + " ready");
    }

    private static int readiness(String service, int port) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness")
                            .toURL()
                            .openConnection();
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            return connection.getResponseCode();
        } catch (IOException e) {
            fail(service + ": " + e);
            return 0;
        }
    }

    private static void fail(String reason) {
        System.out.println(reason);
        System.exit(1);
    }
}
