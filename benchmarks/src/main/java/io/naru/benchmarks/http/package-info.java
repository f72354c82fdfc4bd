/** HTTP: wrk against the gateway and against a servlet that reads the body and answers, on the same Tomcat. */
@NullMarked
package io.naru.benchmarks.http;

import org.jspecify.annotations.NullMarked;
