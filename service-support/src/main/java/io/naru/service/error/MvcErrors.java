package io.naru.service.error;

import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * What Spring MVC itself refuses (unknown path, wrong method, body that is not what the call takes), as {@link ErrorBody}. A
 * service's own exceptions are handled by advice of its own, which comes first.
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class MvcErrors extends ResponseEntityExceptionHandler {

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException unreadable,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return answer(BadJson.explain(unreadable), headers, BadJson.status(unreadable), request);
    }

    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String detail =
                body instanceof ProblemDetail problem && !status.is5xxServerError() ? problem.getDetail() : null;
        return answer(detail, headers, status, request);
    }

    private static ResponseEntity<Object> answer(
            @Nullable String detail, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String path = ((ServletWebRequest) request).getRequest().getRequestURI();
        ErrorBody body = ErrorBody.of(path, status.value(), detail);
        return ResponseEntity.status(status)
                .headers(headers)
                .contentType(MediaType.parseMediaType(body.contentType()))
                .body(body.bytes());
    }
}
