/** The target for a parser that only its package sees. */
@NullMarked
package io.naru.gateway.v2;

import org.jspecify.annotations.NullMarked;
