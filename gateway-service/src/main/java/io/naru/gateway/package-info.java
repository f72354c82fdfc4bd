/**
 * The HTTP face. One servlet ({@link io.naru.gateway.http.GatewayServlet}) takes every call; what it does is in the packages by concept:
 * writing ({@link io.naru.gateway.produce}), reading ({@link io.naru.gateway.read}), groups ({@link io.naru.gateway.group}), topics
 * ({@link io.naru.gateway.topic}) and Confluent's older API ({@link io.naru.gateway.v2}). All of them speak nothing but the Kafka protocol
 * to the brokers, so the gateway serves Apache Kafka as well as Naru, and keeps no state that another gateway could not take over.
 */
@NullMarked
package io.naru.gateway;

import org.jspecify.annotations.NullMarked;
