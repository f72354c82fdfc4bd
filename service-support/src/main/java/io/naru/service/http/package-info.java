/**
 * What the web server of every service refuses or cuts before any code of ours sees a request: heads that two readers could read
 * differently ({@code RequestHeadValve}), heads that never end ({@link io.naru.service.http.GuardedHttp11Protocol}), bodies that
 * nobody wants and that would hold a thread while they are swallowed ({@link io.naru.service.http.UnreadBody}).
 */
@NullMarked
package io.naru.service.http;

import org.jspecify.annotations.NullMarked;
