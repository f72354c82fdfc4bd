/** REST v3: records of topics are deleted. */
@NullMarked
package io.naru.admin.v3.record;

import org.jspecify.annotations.NullMarked;
