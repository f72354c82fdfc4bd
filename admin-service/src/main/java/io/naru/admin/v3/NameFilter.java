package io.naru.admin.v3;

import org.jspecify.annotations.Nullable;

/**
 * Which names a list is to have: those that begin with {@code prefix} and match {@code pattern}, in which {@code *} stands for any
 * characters and {@code ?} for one. Not a regular expression: a stranger could make one that never ends.
 *
 * @param prefix  beginning, or null
 * @param pattern the whole name, or null
 */
public record NameFilter(@Nullable String prefix, @Nullable String pattern) {

    /** Whether a list has {@code name}. */
    public boolean admits(String name) {
        return (prefix == null || name.startsWith(prefix)) && (pattern == null || matches(pattern, name));
    }

    /** Goes back to the last star only, so that time is at most the product of the lengths. */
    private static boolean matches(String pattern, String name) {
        int p = 0;
        int star = -1;
        int resume = 0;
        for (int n = 0; n < name.length(); ) {
            char wanted = p < pattern.length() ? pattern.charAt(p) : 0;
            if (wanted == '*' && p < pattern.length()) {
                star = p++;
                resume = n;
            } else if (p < pattern.length() && (wanted == '?' || wanted == name.charAt(n))) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
