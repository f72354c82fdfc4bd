/** REST v3: leaders of partitions are elected on demand. */
@NullMarked
package io.naru.admin.v3.election;

import org.jspecify.annotations.NullMarked;
