package io.naru.admin.controller;

import java.util.List;

/**
 * What the controller wants to happen. Takes effect with {@link Controller#committed}.
 *
 * @param changes to commit, in order and all or none; empty when nothing changes
 * @param next    the state once they are committed
 * @param answer  for the one who asked, true once they are committed
 */
public record Decision<A>(List<Change> changes, ControllerState next, A answer) {

    /** Copies the changes. */
    public Decision {
        changes = List.copyOf(changes);
    }
}
