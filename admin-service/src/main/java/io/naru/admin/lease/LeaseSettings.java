package io.naru.admin.lease;

import java.time.Duration;

/**
 * How the lease is kept.
 *
 * @param holder        name of this admin-service
 * @param duration      how long the lease lasts unless renewed; after that long another admin-service may take over
 * @param renewInterval how often it is renewed, and how often one that does not have it asks for it
 * @param tickInterval  how often lapsed sessions are looked for
 */
public record LeaseSettings(String holder, Duration duration, Duration renewInterval, Duration tickInterval) {}
