/**
 * What Naru says over the Kafka protocol beyond Kafka: tagged fields (KIP-482) with numbers from 10 000 on, which everyone else passes over. A node
 * that acts on one names it in its answer to ApiVersions, and whoever relies on it looks there first, per connection.
 */
@NullMarked
package io.naru.protocol.extension;

import org.jspecify.annotations.NullMarked;
