/** To come. */
@NullMarked
package io.naru.gateway.topic;

import org.jspecify.annotations.NullMarked;
