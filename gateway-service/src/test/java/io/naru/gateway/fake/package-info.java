/** A broker in memory, which does as it is told: loses answers, refuses leadership, fails records. */
package io.naru.gateway.fake;
