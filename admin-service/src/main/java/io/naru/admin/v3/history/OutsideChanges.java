package io.naru.admin.v3.history;

import io.naru.admin.controller.Note;
import io.naru.admin.lease.ControllerThread;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Puts into the change history what brokers and coordinators have done for a caller of REST. The controller takes no part in such a change,
 * so its line is written afterwards, in a transaction of its own, under a version of the image in which nothing else is new. Should
 * that fail, the change is made all the same: the caller is told so, and the log what the history lacks.
 */
@Component
public class OutsideChanges {

    private static final Logger log = LoggerFactory.getLogger(OutsideChanges.class);

    /** Members of before and after that are told; a group can have committed in every partition there is. */
    private static final int MEMBERS_MAX = 2_000;

    /** As long as the database has room for. */
    private static final int RESOURCE_MAX = 300;

    private final ControllerThread controller;

    OutsideChanges(ControllerThread controller) {
        this.controller = controller;
    }

    /** Notes a change that has been made, and gives {@code answer} then. */
    public <A> CompletableFuture<A> noted(Note made, A answer) {
        Note note = new Note(
                made.actor(),
                made.action(),
                made.kind(),
                cut(made.resource()),
                bounded(made.before()),
                bounded(made.after()));
        return controller
                .call("note_change", (active, nowMs) -> active.note(note))
                .handle((done, failure) -> {
                    if (failure != null) {
                        log.atWarn()
                                .addKeyValue("action", note.action())
                                .addKeyValue("resourceType", note.kind())
                                .addKeyValue("resource", note.resource())
                                .addKeyValue("cause", failure.toString())
                                .log("A change was made that the change history does not have");
                    }
                    return answer;
                });
    }

    private static Map<String, String> bounded(Map<String, String> members) {
        Map<String, String> told = new TreeMap<>();
        members.entrySet().stream()
                .limit(MEMBERS_MAX)
                .forEach(member -> told.put(text(member.getKey()), text(member.getValue())));
        if (members.size() > MEMBERS_MAX) {
            told.put("more", "and " + (members.size() - MEMBERS_MAX) + " more");
        }
        return told;
    }

    private static String cut(String resource) {
        String text = text(resource);
        return text.length() <= RESOURCE_MAX ? text : text.substring(0, RESOURCE_MAX);
    }

    /** Without NUL, which a member's id may have in it and PostgreSQL cannot store. */
    private static String text(String text) {
        return text.replace('\0', ' ');
    }
}
