/** To come. */
@NullMarked
package io.naru.gateway.read;

import org.jspecify.annotations.NullMarked;
