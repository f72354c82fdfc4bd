package io.naru.gateway.group;

import io.naru.gateway.cursor.CursorSigner;
import io.naru.gateway.read.ReadServices;

/**
 * What members need.
 *
 * @param calls      to coordinators
 * @param reads      from partitions
 * @param topics     names of topics
 * @param signer     of cursors
 * @param gatewayId  this gateway, unique among all while it runs; members carry it as their rack id, so that a gateway whose member
 *                   went to another one can tell, and does not take it out of its group when its own copy of the lease lapses
 * @param properties of groups
 */
record GroupServices(
        GroupCalls calls,
        ReadServices reads,
        TopicNames topics,
        CursorSigner signer,
        String gatewayId,
        GroupProperties properties) {}
