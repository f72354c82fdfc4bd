/** REST v3: configs of topics, of single brokers, and of all brokers. Reads know every place that a value can come from; changes go to the controller. */
@NullMarked
package io.naru.admin.v3.config;

import org.jspecify.annotations.NullMarked;
