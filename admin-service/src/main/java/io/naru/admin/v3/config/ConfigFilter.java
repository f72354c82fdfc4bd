package io.naru.admin.v3.config;

import io.naru.admin.v3.NameFilter;
import org.jspecify.annotations.Nullable;

/** Which configs a list is to have. */
record ConfigFilter(NameFilter names, @Nullable Boolean isDefault) {

    static ConfigFilter of(@Nullable String prefix, @Nullable String pattern, @Nullable Boolean isDefault) {
        return new ConfigFilter(new NameFilter(prefix, pattern), isDefault);
    }

    boolean admits(ConfigView config) {
        return names.admits(config.name()) && (isDefault == null || isDefault == config.isDefault());
    }
}
