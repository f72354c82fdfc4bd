package io.naru.admin.v3;

import io.naru.admin.controller.RefusedException;
import io.naru.admin.lease.NotActiveException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Failures of v3 calls as {@link V3Error}. */
@RestControllerAdvice(basePackageClasses = V3Errors.class)
class V3Errors {

    @ExceptionHandler
    ResponseEntity<V3Error> failed(V3Exception failure) {
        return ResponseEntity.status(failure.status())
                .body(new V3Error(failure.errorCode(), String.valueOf(failure.getMessage())));
    }

    @ExceptionHandler
    ResponseEntity<V3Error> refused(RefusedException refused) {
        return failed(V3Exception.of(refused.error(), String.valueOf(refused.getMessage())));
    }

    @ExceptionHandler
    ResponseEntity<V3Error> notActive(NotActiveException notActive) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, "1")
                .body(new V3Error(503, String.valueOf(notActive.getMessage())));
    }
}
