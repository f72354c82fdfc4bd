/** The description of every call ({@code openapi.yaml} beside this package's classes) and a page to read and try it. */
@NullMarked
package io.naru.gateway.docs;

import org.jspecify.annotations.NullMarked;
