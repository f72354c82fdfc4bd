package io.naru.gateway.consumer;

/**
 * An instance.
 *
 * @param group its group
 * @param name  its name in it
 */
record ConsumerKey(String group, String name) {}
