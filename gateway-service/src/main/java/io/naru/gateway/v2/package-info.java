/** To come. */
@NullMarked
package io.naru.gateway.v2;

import org.jspecify.annotations.NullMarked;
