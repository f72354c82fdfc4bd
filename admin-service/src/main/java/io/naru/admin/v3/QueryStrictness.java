package io.naru.admin.v3;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Query parameters: those that a call does not know, or that come twice, are refused rather than passed over, for a filter that is
 * misspelt would otherwise show everything. Parameters in paths, which Spring passes over, are refused too.
 */
@Configuration(proxyBeanMethods = false)
class QueryStrictness implements WebMvcConfigurer {

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new KnownParameters()).addPathPatterns("/v3/**");
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new PageResolver());
    }

    private static final class KnownParameters implements HandlerInterceptor {

        private final Map<Method, Set<String>> known = new ConcurrentHashMap<>();

        @Override
        public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
            if (request.getRequestURI().indexOf(';') >= 0) {
                throw V3Exception.badRequest("Path parameters, which begin with ';', mean nothing here.");
            }
            if (request.getQueryString() != null && handler instanceof HandlerMethod method && !takesAll(method)) {
                Set<String> names = known.computeIfAbsent(method.getMethod(), m -> names(method));
                request.getParameterMap().forEach((name, values) -> {
                    if (!names.contains(name)) {
                        throw V3Exception.badRequest("There is no query parameter '" + name + "' here"
                                + (names.isEmpty() ? "." : "; there are " + String.join(", ", names) + "."));
                    }
                    if (values.length > 1) {
                        throw V3Exception.badRequest("Query parameter '" + name + "' is given more than once.");
                    }
                });
            }
            return true;
        }

        private static boolean takesAll(HandlerMethod method) {
            return Arrays.stream(method.getMethodParameters())
                    .anyMatch(parameter -> parameter.hasParameterAnnotation(RequestParam.class)
                            && parameter.getParameterType() == Map.class);
        }

        private static Set<String> names(HandlerMethod method) {
            Set<String> names = new TreeSet<>();
            for (MethodParameter parameter : method.getMethodParameters()) {
                RequestParam query = parameter.getParameterAnnotation(RequestParam.class);
                if (query != null) {
                    names.add(query.name());
                } else if (parameter.getParameterType() == PageRequest.class) {
                    names.add(PageRequest.SIZE);
                    names.add(PageRequest.TOKEN);
                }
            }
            return names;
        }
    }

    private static final class PageResolver implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == PageRequest.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            HttpServletRequest asked = request.getNativeRequest(HttpServletRequest.class);
            if (asked == null) {
                throw new IllegalStateException("not an HTTP request");
            }
            return PageRequest.of(asked);
        }
    }
}
