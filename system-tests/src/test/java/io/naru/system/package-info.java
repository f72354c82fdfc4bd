/**
 * The whole system from outside: real processes, real clients (Kafka's own, curl, a bare socket), faults. Nothing here
 * sees the inside of a service.
 */
@NullMarked
package io.naru.system;

import org.jspecify.annotations.NullMarked;
