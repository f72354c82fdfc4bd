/**
 * Members of consumer groups over HTTP. A member lives in the group's coordinator (KIP-848), not here: {@link
 * io.naru.gateway.group.GroupMember} heartbeats for it as long as its lease lasts, and what it knows is a copy that any other gateway can
 * make anew from the member's cursor. {@link io.naru.gateway.group.PollRoute} → {@link io.naru.gateway.group.MemberRegistry} → the member
 * → {@link io.naru.gateway.group.MemberPoll}, which waits for partitions, then for records. Everything that concerns one member happens
 * in its {@link io.naru.gateway.group.Mailbox}, one thing at a time; no thread waits for anything.
 */
@NullMarked
package io.naru.gateway.group;

import org.jspecify.annotations.NullMarked;
