/** REST v3: partitions of topics, their offsets and replicas. */
@NullMarked
package io.naru.admin.v3.partition;

import org.jspecify.annotations.NullMarked;
