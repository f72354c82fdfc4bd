/** REST v3: access control lists, of which there are none yet. */
@NullMarked
package io.naru.admin.v3.acl;

import org.jspecify.annotations.NullMarked;
