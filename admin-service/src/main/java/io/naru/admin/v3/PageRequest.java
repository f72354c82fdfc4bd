package io.naru.admin.v3;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list a call asks for: {@code ?page_size=} and {@code &page_token=}. A token names the last member of the page before,
 * so that members that come and go meanwhile neither repeat nor hide others. Without a size the whole list is one page, as clients
 * that know nothing of pages expect.
 */
public final class PageRequest {

    /** Name of the parameter that says how many members. */
    public static final String SIZE = "page_size";

    /** Name of the parameter that says after which member. */
    public static final String TOKEN = "page_token";

    /** Most members of a page. */
    public static final int SIZE_MAX = 1000;

    private static final String TOKEN_VERSION = "1:";

    private final int size;
    private final @Nullable String after;
    private final String otherParameters;

    private PageRequest(int size, @Nullable String after, String otherParameters) {
        this.size = size;
        this.after = after;
        this.otherParameters = otherParameters;
    }

    /** What {@code request} asks for; refused with 400 when that makes no sense. */
    static PageRequest of(HttpServletRequest request) {
        return new PageRequest(
                size(request.getParameter(SIZE)), after(request.getParameter(TOKEN)), withoutToken(request));
    }

    private static int size(@Nullable String text) {
        if (text == null) {
            return Integer.MAX_VALUE;
        }
        try {
            int size = Integer.parseInt(text);
            if (size >= 1 && size <= SIZE_MAX) {
                return size;
            }
        } catch (NumberFormatException notNumber) {
            throw badSize(text);
        }
        throw badSize(text);
    }

    private static V3Exception badSize(String text) {
        return V3Exception.badRequest("page_size '" + text + "' is not a number from 1 to " + SIZE_MAX + ".");
    }

    private static @Nullable String after(@Nullable String token) {
        if (token == null) {
            return null;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith(TOKEN_VERSION)) {
                return text.substring(TOKEN_VERSION.length());
            }
        } catch (IllegalArgumentException notBase64) {
            throw badToken(token);
        }
        throw badToken(token);
    }

    private static V3Exception badToken(String token) {
        return V3Exception.badRequest(
                "page_token '" + token + "' is none that was given out; take it from metadata.next.");
    }

    private static String withoutToken(HttpServletRequest request) {
        String query = request.getQueryString();
        return query == null
                ? ""
                : Arrays.stream(query.split("&"))
                        .filter(parameter -> !parameter.isEmpty() && !parameter.startsWith(TOKEN + "="))
                        .map(parameter -> parameter + "&")
                        .collect(Collectors.joining());
    }

    /**
     * The page.
     *
     * @param all the whole list, in any order
     * @param key what members are ordered by and named in tokens; no two have the same
     */
    public <T> Page<T> of(Collection<T> all, Function<? super T, String> key) {
        List<T> rest = all.stream()
                .filter(member -> after == null || key.apply(member).compareTo(after) > 0)
                .sorted(Comparator.comparing(key))
                .toList();
        if (rest.size() <= size) {
            return new Page<>(rest, null);
        }
        List<T> page = rest.subList(0, size);
        return found(page, key.apply(page.get(size - 1)));
    }

    /** The key that the page begins after. */
    public Optional<String> after() {
        return Optional.ofNullable(after);
    }

    /** How many members; {@code most} if the call does not say. */
    public int sizeOr(int most) {
        return size == Integer.MAX_VALUE ? most : size;
    }

    /**
     * A page that was found elsewhere.
     *
     * @param last key after which the next page begins, or null on the last one
     */
    public <T> Page<T> found(List<T> members, @Nullable String last) {
        return new Page<>(members, last == null ? null : otherParameters + TOKEN + "=" + token(last));
    }

    private static String token(String last) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((TOKEN_VERSION + last).getBytes(StandardCharsets.UTF_8));
    }

    /** A number as part of a key: in the order of numbers, not of their digits. */
    public static String ordered(int number) {
        return String.format("%010d", number);
    }
}
