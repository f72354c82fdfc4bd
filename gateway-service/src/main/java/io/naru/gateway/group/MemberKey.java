package io.naru.gateway.group;

/**
 * A member of a group.
 *
 * @param group    the group's id
 * @param memberId the member's id in it
 */
record MemberKey(String group, String memberId) {}
