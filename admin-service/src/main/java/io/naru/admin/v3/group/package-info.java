/** REST v3: consumer groups, their members, assignments, lags and offsets. All of it lives on coordinators and is asked of them. */
@NullMarked
package io.naru.admin.v3.group;

import org.jspecify.annotations.NullMarked;
