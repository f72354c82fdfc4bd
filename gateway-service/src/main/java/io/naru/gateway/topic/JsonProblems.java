package io.naru.gateway.topic;

import io.naru.gateway.format.JsonSyntaxException;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;

/** What is wrong with a JSON body, and where: a JSON Pointer (RFC 6901) to the field, or the byte where it stops being JSON. */
public final class JsonProblems {

    private JsonProblems() {}

    /** A field that is not what it should be. */
    public static ProblemException field(String pointer, String why) {
        return Problem.of(ProblemKind.INVALID_FIELD, "at " + pointer + ": " + why)
                .exception();
    }

    /** Not JSON, or not the kind of JSON that the whole body should be. */
    public static ProblemException body(JsonSyntaxException wrong) {
        return Problem.of(
                        ProblemKind.BAD_BODY,
                        (wrong.isMalformed() ? "the body is not JSON at byte " : "at byte ") + (wrong.position() + 1)
                                + ": " + wrong.getMessage())
                .exception();
    }

    /** What a walker found wrong while at a field. */
    public static ProblemException at(String pointer, JsonSyntaxException wrong) {
        return wrong.isMalformed() ? body(wrong) : field(pointer, String.valueOf(wrong.getMessage()));
    }

    /** A member's name as a step of a pointer. */
    public static String step(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
