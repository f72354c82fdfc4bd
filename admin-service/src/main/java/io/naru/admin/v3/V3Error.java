package io.naru.admin.v3;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Body of every failed call.
 *
 * @param errorCode the HTTP status, or a five-digit code that begins with it
 * @param message   what is wrong
 */
record V3Error(
        @JsonProperty("error_code") int errorCode,
        @JsonProperty("message") String message) {}
