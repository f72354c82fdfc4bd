package io.naru.system;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The runnable part of README.md: what stands between the comments {@code <!-- tour -->} and {@code <!-- /tour -->}.
 * There, each fenced block tagged {@code sh} is a command that is run as it is, and the fenced block tagged
 * {@code console} that follows is what it must print on standard output, where {@code …} stands for anything. A command
 * with {@code curl -N} goes on by itself: it is left running, and must have printed its block by the end of the tour.
 */
final class ReadmeTour {
    private static final Pattern SECTION = Pattern.compile("<!-- tour -->(.*?)<!-- /tour -->", Pattern.DOTALL);
    private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern ENDLESS = Pattern.compile("curl\\s+(\\S+\\s+)*-N\\b");

    private ReadmeTour() {}

    /** A command and what it must print; {@code expected} is empty where the README shows nothing. */
    record Step(String command, String expected) {
        boolean isEndless() {
            return ENDLESS.matcher(command).find();
        }

        /** Whether {@code printed} is what the README promises. */
        boolean matches(String printed) {
            StringBuilder regex = new StringBuilder();
            for (String piece : expected.strip().split("…", -1)) {
                regex.append(regex.isEmpty() ? "" : ".*?").append(Pattern.quote(piece));
            }
            return expected.isEmpty()
                    || Pattern.compile(regex.toString(), Pattern.DOTALL)
                            .matcher(printed.strip())
                            .matches();
        }
    }

    /** The steps of a README, in order. */
    static List<Step> in(String markdown) {
        List<Step> steps = new ArrayList<>();
        Matcher sections = SECTION.matcher(markdown);
        while (sections.find()) {
            String command = null;
            Matcher blocks = BLOCK.matcher(sections.group(1));
            while (blocks.find()) {
                if (blocks.group(1).equals("sh")) {
                    if (command != null) {
                        steps.add(new Step(command, ""));
                    }
                    command = blocks.group(2);
                } else if (blocks.group(1).equals("console") && command != null) {
                    steps.add(new Step(command, blocks.group(2)));
                    command = null;
                }
            }
            if (command != null) {
                steps.add(new Step(command, ""));
            }
        }
        return steps;
    }
}
