/** REST v3: Topics, their configs, partitions and replicas. */
@NullMarked
package io.naru.admin.v3.topic;

import org.jspecify.annotations.NullMarked;
