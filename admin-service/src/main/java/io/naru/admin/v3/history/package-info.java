/** REST v3: who changed what, and when. */
@NullMarked
package io.naru.admin.v3.history;

import org.jspecify.annotations.NullMarked;
