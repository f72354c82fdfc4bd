/** REST v3: The cluster. */
@NullMarked
package io.naru.admin.v3.cluster;

import org.jspecify.annotations.NullMarked;
