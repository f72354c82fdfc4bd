package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.ReadmeTour.Step;
import org.junit.jupiter.api.Test;

class ReadmeTourTest {
    private static final String README = """
            ```sh
            rm -rf everything
            ```
            <!-- tour -->
            Send:
            ```sh
            curl -d 'hello world' localhost:8080/x
            ```
            ```console
            {"offset":0,"timestamp":…}
            ```
            No output shown:
            ```sh
            true
            ```
            ```json
            {"just":"an example"}
            ```
            Follow:
            ```sh
            curl -s -N localhost:8080/y
            ```
            ```console
            first
            …
            ```
            <!-- /tour -->
            """;

    @Test
    void takesOnlyTheTourAndPairsCommandsWithOutputs() {
        assertThat(ReadmeTour.in(README))
                .containsExactly(
                        new Step("curl -d 'hello world' localhost:8080/x\n", "{\"offset\":0,\"timestamp\":…}\n"),
                        new Step("true\n", ""),
                        new Step("curl -s -N localhost:8080/y\n", "first\n…\n"));
    }

    @Test
    void knowsWhatGoesOnByItself() {
        assertThat(ReadmeTour.in(README)).extracting(Step::isEndless).containsExactly(false, false, true);
    }

    @Test
    void comparesAllButTheEllipses() {
        Step step = new Step("", "{\"offset\":0,\"timestamp\":…}\n");
        assertThat(step.matches("{\"offset\":0,\"timestamp\":17}\n")).isTrue();
        assertThat(step.matches("{\"offset\":1,\"timestamp\":17}\n")).isFalse();
        assertThat(step.matches("{\"offset\":0,\"timestamp\":17}\nmore")).isFalse();
        assertThat(step.matches("")).isFalse();
    }
}
