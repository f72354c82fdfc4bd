/** The same HTTP calls to a gateway in front of Naru and to one in front of Apache Kafka: the answers are the same. */
@NullMarked
package io.naru.system.backend;

import org.jspecify.annotations.NullMarked;
