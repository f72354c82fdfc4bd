/** What simulated disks are made of. */
@NullMarked
package io.naru.testkit.disk;

import org.jspecify.annotations.NullMarked;
