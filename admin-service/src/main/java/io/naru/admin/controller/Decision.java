package io.naru.admin.controller;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.control.Actor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * What the controller wants to happen. Takes effect with {@link Controller#committed}.
 *
 * @param changes to commit, in order and all or none; empty when nothing changes
 * @param asked   those of them that the event itself asks for, without what follows from them
 * @param next    the state once they are committed
 * @param answer  for the one who asked, true once they are committed
 */
public record Decision<A>(List<Change> changes, List<Change> asked, ControllerState next, A answer) {

    /** Copies the changes. */
    public Decision {
        changes = List.copyOf(changes);
        asked = List.copyOf(asked);
    }

    /** Changes that nobody in particular asked for. */
    public Decision(List<Change> changes, ControllerState next, A answer) {
        this(changes, List.of(), next, answer);
    }

    /**
     * The same, with a line in the change history for each change that somebody asked for.
     *
     * @param before the image to which the changes are made
     */
    public Decision<A> notedFor(Actor actor, ClusterImage before) {
        List<Note> notes = Notes.of(actor, asked, before);
        if (notes.isEmpty()) {
            return this;
        }
        List<Change> all = new ArrayList<>(changes);
        notes.forEach(note -> all.add(new Change.Noted(note)));
        return new Decision<>(all, asked, next, answer);
    }

    /** The same decision with another answer, made of the answer and the state once the changes are committed. */
    public <B> Decision<B> map(BiFunction<? super A, ? super ControllerState, ? extends B> shape) {
        return new Decision<>(changes, asked, next, shape.apply(answer, next));
    }
}
