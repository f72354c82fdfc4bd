/**
 * The Spring shell that every Naru service shares: start-up ({@link io.naru.service.NaruService}), the run file that tells which
 * ports were bound, JSON for every error ({@link io.naru.service.error}), and the actuator's {@code naru} info. No service logic
 * lives here.
 *
 * <p><b>Which auto-configuration runs.</b> In standalone all four services share one class path, so "what is on the class path" says
 * nothing about what one service needs. A service gets the base of {@link io.naru.service.AutoConfigurationAllowList} (web,
 * actuator, Jackson, metrics) and, beyond that, exactly the packages it names in its own yml:
 *
 * <pre>
 * naru:
 *   autoconfigure:
 *     - org.springframework.boot.jdbc.autoconfigure
 *     - org.springdoc
 * </pre>
 *
 * A name is an auto-configuration class or a package with everything below it. A library that one service adds changes none of the
 * others, and what is not allowed is not even looked at, which is what keeps four starts in one process short.
 */
@NullMarked
package io.naru.service;

import org.jspecify.annotations.NullMarked;
