/** To come. */
@NullMarked
package io.naru.gateway.group;

import org.jspecify.annotations.NullMarked;
