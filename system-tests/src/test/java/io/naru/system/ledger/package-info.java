/**
 * What consumers over HTTP were given and what they have acknowledged, in a {@link io.naru.system.ledger.DeliveryLedger}, while gateways
 * are killed and answers are lost.
 */
@NullMarked
package io.naru.system.ledger;

import org.jspecify.annotations.NullMarked;
