/** To come. */
@NullMarked
package io.naru.gateway.cursor;

import org.jspecify.annotations.NullMarked;
