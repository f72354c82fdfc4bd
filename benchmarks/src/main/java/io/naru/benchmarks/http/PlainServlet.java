package io.naru.benchmarks.http;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/** The ceiling: a Tomcat as the gateway's, whose one servlet reads the body, or nothing, and answers as many bytes as the gateway would. */
final class PlainServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final byte[] ANSWER =
            "{\"topic\":\"bench\",\"partition\":0,\"offset\":123456,\"timestamp\":1700000000000}"
                    .getBytes(StandardCharsets.UTF_8);

    private static final byte[] PAGE = new byte[64 * 1024];

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        request.getInputStream().transferTo(OutputStream.nullOutputStream());
        response.setStatus(HttpServletResponse.SC_CREATED);
        response.setContentType("application/json");
        response.setContentLength(ANSWER.length);
        response.getOutputStream().write(ANSWER);
    }

    /** As many bytes as {@code ?bytes=} says, from memory. */
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int left = Integer.parseInt(request.getParameter("bytes"));
        response.setContentType("application/x-ndjson");
        response.setContentLength(left);
        while (left > 0) {
            int length = Math.min(left, PAGE.length);
            response.getOutputStream().write(PAGE, 0, length);
            left -= length;
        }
    }

    /** Serves on a free port, written to the file that the first argument names, until it is killed. */
    public static void main(String[] args) throws LifecycleException, IOException {
        Tomcat tomcat = new Tomcat();
        Path base = Files.createTempDirectory("naru-plain-");
        tomcat.setBaseDir(base.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
        Context context = tomcat.addContext("", base.toString());
        Tomcat.addServlet(context, "plain", new PlainServlet()).addMapping("/*");
        tomcat.start();
        Path told = Path.of(args[0]);
        Path written = told.resolveSibling(told.getFileName() + ".tmp");
        Files.writeString(written, Integer.toString(tomcat.getConnector().getLocalPort()));
        Files.move(written, told);
        tomcat.getServer().await();
    }
}
