/** REST v3: Brokers, as clients reach them. */
@NullMarked
package io.naru.admin.v3.broker;

import org.jspecify.annotations.NullMarked;
