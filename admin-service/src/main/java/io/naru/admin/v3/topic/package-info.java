/** REST v3: topics. */
@NullMarked
package io.naru.admin.v3.topic;

import org.jspecify.annotations.NullMarked;
