package io.naru.system.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What a program saw, line by line, free of everything that differs from run to run. */
public final class Transcript {
    private final List<String> lines = new ArrayList<>();

    void note(String step, Object seen) {
        lines.add(step + ": " + seen);
    }

    /** Notes the simple name of the error a call ends with, or {@code ok} and what it returned. */
    void noteOutcome(String step, Callable<?> call) {
        String seen;
        try {
            seen = "ok " + call.call();
        } catch (ExecutionException | CompletionException e) {
            seen = String.valueOf(e.getCause().getClass().getSimpleName());
        } catch (Exception e) {
            seen = e.getClass().getSimpleName();
        }
        note(step, seen);
    }

    /** The lines so far, in order. */
    public List<String> lines() {
        return Collections.unmodifiableList(lines);
    }
}
