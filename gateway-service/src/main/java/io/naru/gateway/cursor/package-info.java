/**
 * Where a reader stands, in a form that it can carry about: {@link io.naru.gateway.cursor.GroupCursor} for members of groups,
 * {@link io.naru.gateway.cursor.TopicCursor} for those who read a topic by themselves. Cursors are signed
 * ({@link io.naru.gateway.cursor.CursorSigner}), so that what comes back is what some gateway of this cluster gave out, and complete, so
 * that every gateway can go on from them.
 */
@NullMarked
package io.naru.gateway.cursor;

import org.jspecify.annotations.NullMarked;
