package io.naru.admin.controller;

import java.util.List;
import java.util.function.Function;

/**
 * What a request leads to before {@link Settlement} has had its say.
 *
 * @param changes to make
 * @param answer  for the one who asked, given the state in which the event ends
 */
record Step<A>(List<Change> changes, Function<ControllerState, A> answer) {}
