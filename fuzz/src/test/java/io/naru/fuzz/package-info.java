/**
 * Targets for Jazzer: each takes bytes, feeds them to one parser, and fails when something comes out that no caller expects. What the fuzzer
 * finds becomes a test beside the parser.
 */
@NullMarked
package io.naru.fuzz;

import org.jspecify.annotations.NullMarked;
