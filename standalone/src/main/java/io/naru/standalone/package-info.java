/**
 * All four services in one JVM, each in a Spring context of its own: the embedded default. {@link io.naru.standalone.Standalone}
 * starts them as early as the ports they need of each other are known, and stops them in the order that loses nothing: gateway,
 * coordinator, broker, admin.
 */
@NullMarked
package io.naru.standalone;

import org.jspecify.annotations.NullMarked;
