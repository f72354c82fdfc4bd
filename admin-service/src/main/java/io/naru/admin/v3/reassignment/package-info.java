/** REST v3: partitions that move from brokers to brokers. */
@NullMarked
package io.naru.admin.v3.reassignment;

import org.jspecify.annotations.NullMarked;
