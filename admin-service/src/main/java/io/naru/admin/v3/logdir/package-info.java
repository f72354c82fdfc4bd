/** REST v3: data directories of brokers. */
@NullMarked
package io.naru.admin.v3.logdir;

import org.jspecify.annotations.NullMarked;
