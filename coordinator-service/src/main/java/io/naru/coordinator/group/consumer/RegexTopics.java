package io.naru.coordinator.group.consumer;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.naru.coordinator.group.state.TopicCatalog;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.protocol.Errors;

/** Subscription patterns, in RE2's syntax: matched in time linear to the topic's name, whatever a stranger writes. */
final class RegexTopics {

    private static final int PATTERN_LENGTH_MAX = 512;
    /** Bounded repetition copies what it repeats, nested ones multiply: {@code ((a{100}){100}){100}} is a million states. */
    private static final int REPETITION_PRODUCT_MAX = 1_000;

    private static final java.util.regex.Pattern REPETITION = java.util.regex.Pattern.compile("\\{(\\d+)(?:,(\\d*))?}");

    private RegexTopics() {}

    /** The pattern, or error 128 with what is wrong with it. */
    static Pattern compile(String regex) {
        if (regex.length() > PATTERN_LENGTH_MAX) {
            throw Errors.INVALID_REGULAR_EXPRESSION.exception(
                    "the pattern has " + regex.length() + " characters, more than " + PATTERN_LENGTH_MAX);
        }
        long product = 1;
        java.util.regex.Matcher repetitions = REPETITION.matcher(regex);
        while (repetitions.find()) {
            String upper = repetitions.group(2) == null || repetitions.group(2).isEmpty()
                    ? repetitions.group(1)
                    : repetitions.group(2);
            product *= upper.length() > 4 ? REPETITION_PRODUCT_MAX + 1 : Math.max(1, Integer.parseInt(upper));
            if (product > REPETITION_PRODUCT_MAX) {
                throw Errors.INVALID_REGULAR_EXPRESSION.exception(
                        "the pattern's repetitions multiply to more than " + REPETITION_PRODUCT_MAX + ": " + regex);
            }
        }
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw Errors.INVALID_REGULAR_EXPRESSION.exception("pattern " + regex + ": " + e.getMessage());
        }
    }

    /** Names of the topics it matches as a whole; internal ones never. */
    static SortedSet<String> match(String regex, TopicCatalog catalog) {
        Pattern pattern = compile(regex);
        SortedSet<String> names = new TreeSet<>();
        for (TopicCatalog.Topic topic : catalog.topics()) {
            if (!topic.internal() && pattern.matches(topic.name())) {
                names.add(topic.name());
            }
        }
        return names;
    }
}
