package io.naru.admin.v3;

import io.naru.admin.controller.RefusedException;
import io.naru.admin.lease.NotActiveException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
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
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(failure.status());
        if (failure.status() == HttpStatus.SERVICE_UNAVAILABLE || failure.status() == HttpStatus.TOO_MANY_REQUESTS) {
            answer.header(HttpHeaders.RETRY_AFTER, "1");
        }
        return answer.body(new V3Error(failure.errorCode(), String.valueOf(failure.getMessage())));
    }

    @ExceptionHandler
    ResponseEntity<V3Error> refused(RefusedException refused) {
        return failed(V3Exception.of(refused.error(), String.valueOf(refused.getMessage())));
    }

    /** What Kafka's client was answered by brokers and coordinators, or why it was not answered. */
    @ExceptionHandler
    ResponseEntity<V3Error> failed(ApiException failure) {
        Errors error = Errors.forException(failure);
        return failed(V3Exception.of(
                error,
                error == Errors.REQUEST_TIMED_OUT
                        ? "The brokers did not answer in time; what was asked for may still be done."
                        : String.valueOf(failure.getMessage())));
    }

    @ExceptionHandler
    ResponseEntity<V3Error> notActive(NotActiveException notActive) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, "1")
                // For the gateway, which asks another admin-service when this one has surely done nothing.
                .header("Naru-Outcome", notActive.isOutcomeUnknown() ? "unknown" : "not-written")
                .body(new V3Error(503, String.valueOf(notActive.getMessage())));
    }
}
