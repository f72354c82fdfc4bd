/**
 * The Spring shell that every Naru service shares: start-up, the run file that tells which ports were bound, JSON for every
 * error, and the actuator's {@code naru} info. No service logic lives here.
 */
@NullMarked
package io.naru.service;

import org.jspecify.annotations.NullMarked;
