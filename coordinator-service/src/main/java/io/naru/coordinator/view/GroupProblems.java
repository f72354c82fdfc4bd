package io.naru.coordinator.view;

import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.GroupShards;
import io.naru.service.error.ErrorBody;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.HandlerMapping;

/** Where refusals become HTTP answers. */
@RestControllerAdvice(assignableTypes = {GroupResource.class, ShardResource.class})
@Order(Ordered.HIGHEST_PRECEDENCE)
final class GroupProblems {

    private static final String RETRY_AFTER_S = "1";

    private final ClusterView cluster;

    GroupProblems(ClusterView cluster) {
        this.cluster = cluster;
    }

    @ExceptionHandler
    ResponseEntity<byte[]> noSuchGroup(NoSuchGroupException missing, HttpServletRequest request) {
        return answer(request, HttpStatus.NOT_FOUND, missing.getMessage(), new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<byte[]> badParameter(BadParameterException bad, HttpServletRequest request) {
        return answer(request, HttpStatus.BAD_REQUEST, bad.getMessage(), new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<byte[]> badGroupId(InvalidGroupIdException bad, HttpServletRequest request) {
        return answer(request, HttpStatus.BAD_REQUEST, bad.getMessage(), new HttpHeaders());
    }

    /** Another coordinator has it: there the same path gives the answer. */
    @ExceptionHandler
    ResponseEntity<byte[]> elsewhere(NotCoordinatorException elsewhere, HttpServletRequest request) {
        return owner(request)
                .map(owner -> {
                    HttpHeaders headers = new HttpHeaders();
                    headers.setLocation(URI.create(
                            "http://" + owner.http().host() + ":" + owner.http().port() + request.getRequestURI()));
                    return answer(
                            request,
                            HttpStatus.TEMPORARY_REDIRECT,
                            "Coordinator " + owner.id() + " has this group.",
                            headers);
                })
                .orElseGet(() -> unavailable(elsewhere, request));
    }

    @ExceptionHandler
    ResponseEntity<byte[]> unavailable(RetriableException notNow, HttpServletRequest request) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_S);
        return answer(request, HttpStatus.SERVICE_UNAVAILABLE, notNow.getMessage(), headers);
    }

    private Optional<CoordinatorImage> owner(HttpServletRequest request) {
        Object variables = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
        if (!(variables instanceof Map<?, ?> map) || !(map.get("group") instanceof String groupId)) {
            return Optional.empty();
        }
        return cluster.image()
                .filter(image -> !image.shards().isEmpty())
                .flatMap(image -> image.coordinatorOf(
                        GroupShards.shardFor(groupId, image.shards().size())));
    }

    private static ResponseEntity<byte[]> answer(
            HttpServletRequest request, HttpStatus status, @Nullable String detail, HttpHeaders headers) {
        ErrorBody body = ErrorBody.of(request.getRequestURI(), status.value(), detail);
        return ResponseEntity.status(status)
                .headers(headers)
                .contentType(MediaType.parseMediaType(body.contentType()))
                .body(body.bytes());
    }
}
