package io.naru.system;

import io.naru.system.api.Conformance;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real curl, with the arguments a person would type. Every answer has to be as the API's documents say. */
final class Curl {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String STATUS_MARK = "\n--status--";

    private final URI base;

    Curl(URI base) {
        this.base = base;
    }

    /** What came back. */
    record Answer(int status, String body) {
        JsonNode json() {
            return JSON.readTree(body);
        }

        /** One JSON document a line. */
        List<JsonNode> ndjson() {
            return body.lines()
                    .filter(line -> !line.isBlank())
                    .map(JSON::readTree)
                    .toList();
        }
    }

    /** {@code curl <arguments> <base><path>}. */
    Answer call(String path, String... arguments) {
        return call(path, new byte[0], arguments);
    }

    /** {@code … | curl <arguments> <base><path>}, for {@code --data-binary @-}. */
    Answer call(String path, byte[] input, String... arguments) {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "60"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-w", STATUS_MARK + "%{http_code} %{method} %{content_type}", base + path));
        Shell.Outcome outcome = Shell.run(Path.of("."), command, input);
        if (outcome.exitCode() != 0) {
            throw new AssertionError(command + " failed: " + outcome);
        }
        String text = outcome.out();
        int mark = text.lastIndexOf(STATUS_MARK);
        String[] told = text.substring(mark + STATUS_MARK.length()).split(" ", 3);
        Answer answer = new Answer(Integer.parseInt(told[0]), text.substring(0, mark));
        Conformance.check(new Conformance.Answer(told[1], path, answer.status(), told[2], answer.body()));
        return answer;
    }
}
