package io.naru.admin.controlplane;

import io.naru.admin.controller.RefusedException;
import io.naru.admin.lease.NotActiveException;
import io.naru.cluster.control.ControlPlaneError;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Failures of control-plane calls as {@link ControlPlaneError}. */
@RestControllerAdvice(assignableTypes = {ControlPlaneResource.class, ReplicationResource.class})
class ControlPlaneErrors {

    private static final Map<Errors, HttpStatus> STATUS = Map.of(
            Errors.DUPLICATE_BROKER_REGISTRATION, HttpStatus.CONFLICT,
            Errors.INCONSISTENT_CLUSTER_ID, HttpStatus.CONFLICT,
            Errors.STALE_BROKER_EPOCH, HttpStatus.CONFLICT,
            Errors.BROKER_ID_NOT_REGISTERED, HttpStatus.NOT_FOUND);

    @ExceptionHandler
    ResponseEntity<ControlPlaneError> refused(RefusedException refused) {
        return ResponseEntity.status(STATUS.getOrDefault(refused.error(), HttpStatus.BAD_REQUEST))
                .body(new ControlPlaneError(refused.error().code(), String.valueOf(refused.getMessage())));
    }

    /** Another admin-service may be active, so the caller should ask there. */
    @ExceptionHandler
    ResponseEntity<ControlPlaneError> notActive(NotActiveException notActive) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .body(new ControlPlaneError(Errors.NOT_CONTROLLER.code(), String.valueOf(notActive.getMessage())));
    }
}
