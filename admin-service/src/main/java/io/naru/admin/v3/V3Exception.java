package io.naru.admin.v3;

import org.apache.kafka.common.protocol.Errors;
import org.springframework.http.HttpStatus;

/** A call that is answered with an error. */
public final class V3Exception extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final int errorCode;

    private V3Exception(HttpStatus status, int errorCode, String message) {
        super(message, null, false, false);
        this.status = status;
        this.errorCode = errorCode;
    }

    /** Something that is not there: code 404. */
    public static V3Exception notFound(String message) {
        return new V3Exception(HttpStatus.NOT_FOUND, 404, message);
    }

    /** A partition that is not there: code 40402. */
    public static V3Exception unknownPartition(String topic, int partition) {
        return new V3Exception(
                HttpStatus.NOT_FOUND,
                40402,
                "Partition not found: topic '" + topic + "' has no partition " + partition + ".");
    }

    /** A topic that is not there: code 40403. */
    public static V3Exception unknownTopic(String topic) {
        return new V3Exception(HttpStatus.NOT_FOUND, 40403, "There is no topic '" + topic + "'.");
    }

    /** A request that cannot be read: code 400. */
    public static V3Exception badRequest(String message) {
        return new V3Exception(HttpStatus.BAD_REQUEST, 400, message);
    }

    /** What was to be changed is no longer what the caller has seen: code 412. */
    public static V3Exception preconditionFailed(String message) {
        return new V3Exception(HttpStatus.PRECONDITION_FAILED, 412, message);
    }

    /** A request that makes no sense whatever the state of the cluster: code 422. */
    public static V3Exception unprocessable(String message) {
        return new V3Exception(HttpStatus.UNPROCESSABLE_CONTENT, 422, message);
    }

    /** What the controller or a broker refused. */
    public static V3Exception of(Errors error, String message) {
        KafkaError answer = KafkaError.of(error);
        return new V3Exception(answer.status(), answer.errorCode(), message);
    }

    /** HTTP status. */
    public HttpStatus status() {
        return status;
    }

    /** The code in the body. */
    public int errorCode() {
        return errorCode;
    }
}
