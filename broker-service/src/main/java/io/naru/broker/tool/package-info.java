/** {@code ./naru log}: a partition's files, read and checked for people. Changes nothing. */
@NullMarked
package io.naru.broker.tool;

import org.jspecify.annotations.NullMarked;
