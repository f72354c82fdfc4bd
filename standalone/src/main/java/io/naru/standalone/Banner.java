package io.naru.standalone;

import java.nio.file.Path;

/**
 * What a person sees when everything is up: where things are, and the first lines to type.
 *
 * @param gateway     base URL of the gateway
 * @param kafka       bootstrap address for Kafka clients
 * @param admin       base URL of admin-service
 * @param coordinator base URL of coordinator-service
 * @param dataDir     where everything is kept
 * @param startedInMs from the start of the JVM to ready
 */
record Banner(String gateway, String kafka, String admin, String coordinator, Path dataDir, long startedInMs) {

    String text() {
        String template = """

                  Naru, an event log that you can curl. Ready in %s s.

                    HTTP     %s
                    Kafka    %s
                    Admin    %s   (API to try: %s/docs)
                    Groups   %s
                    Data     %s

                  Write a record, read it back, and follow what comes:

                    curl -d 'hello world' %s/v1/topics/greetings/records
                    curl '%s/v1/topics/greetings/records?from=earliest'
                    curl -N '%s/v1/topics/greetings/records?follow=true'

                  Ctrl-C stops it.
                """;
        String seconds = String.format(java.util.Locale.ROOT, "%.1f", startedInMs / 1000.0);
        return template.formatted(
                seconds, gateway, kafka, admin, admin, coordinator, dataDir, gateway, gateway, gateway);
    }
}
