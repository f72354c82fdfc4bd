package io.naru.gateway.http;

/**
 * Everything that can go wrong, by its stable number. The first three digits are the HTTP status. Numbers are never reused; families
 * follow those that REST proxies of this kind already use (40401 topic, 40402 partition, …).
 */
public enum ProblemKind {
    /** A parameter, header or escape in the URL is not what it should be. */
    BAD_PARAMETER(40001, "Bad parameter"),
    /** The broker refused the request for what it says. */
    REFUSED(40002, "Refused by the broker"),
    /** The body is not what this call takes: cut short, not JSON, empty. */
    BAD_BODY(40003, "Bad body"),
    /** A cursor that is malformed, forged or of another group. */
    BAD_CURSOR(40004, "Bad cursor"),
    /** The cluster does not let the gateway in. */
    NOT_AUTHENTICATED(40101, "Not authenticated"),
    /** The cluster forbids it. */
    FORBIDDEN(40301, "Forbidden"),
    /** Web pages of this origin may not call. */
    ORIGIN_NOT_ALLOWED(40302, "Origin not allowed"),
    /** A producer id was seen with a higher epoch. */
    PRODUCER_FENCED(40303, "Producer is fenced"),
    /** No such path. */
    NO_SUCH_PATH(40400, "Not found"),
    /** No such topic. */
    NO_SUCH_TOPIC(40401, "Topic not found"),
    /** The topic has no such partition. */
    NO_SUCH_PARTITION(40402, "Partition not found"),
    /** The group has no such member. */
    NO_SUCH_MEMBER(40403, "Member not found"),
    /** The partition has no record there. */
    NO_SUCH_RECORD(40404, "Record not found"),
    /** No such group. */
    NO_SUCH_GROUP(40405, "Group not found"),
    /** The path has other methods. */
    METHOD_NOT_ALLOWED(40501, "Method not allowed"),
    /** None of the media types asked for. */
    NOT_ACCEPTABLE(40601, "Not acceptable"),
    /** The body came too slowly. */
    TOO_SLOW(40801, "Request timeout"),
    /** The member is out of its group: its lease lapsed, or someone took its name. */
    MEMBER_GONE(40901, "Member is gone"),
    /** It exists already, and differently. */
    EXISTS(40902, "Already exists"),
    /** Not in this state. */
    ILLEGAL_STATE(40903, "Not in this state"),
    /** A sequence number before it is missing. */
    OUT_OF_SEQUENCE(40904, "Sequence has a gap"),
    /** The offset is below the log's start. */
    OFFSET_GONE(41001, "Offset is gone"),
    /** The partition does not end where If-Match says. */
    OTHER_END(41201, "Ends elsewhere"),
    /** The body exceeds a limit. */
    BODY_TOO_LARGE(41301, "Body too large"),
    /** One record exceeds the topic's limit. */
    RECORD_TOO_LARGE(41302, "Record too large"),
    /** More records than one request may have. */
    TOO_MANY_RECORDS(41303, "Too many records"),
    /** Media type, charset or encoding not taken here. */
    UNSUPPORTED_MEDIA_TYPE(41501, "Unsupported media type"),
    /** The offset is beyond the log's end. */
    OFFSET_BEYOND_END(41601, "Offset is beyond the end"),
    /** A name that no topic can have. */
    INVALID_TOPIC_NAME(42201, "Invalid topic name"),
    /** A field is missing, unknown, of the wrong type or out of range. */
    INVALID_FIELD(42202, "Invalid field"),
    /** Well-formed, but not in the encoding its format asks for. */
    UNDECODABLE(42203, "Not in this format"),
    /** Number of partitions, replicas, or a config that the cluster does not take. */
    INVALID_CONFIG(42204, "Invalid setting"),
    /** What stands for one request was used for another. */
    KEY_REUSED(42205, "Used for another request"),
    /** The cluster's quota. */
    THROTTLED(42901, "Too many requests"),
    /** A mistake of ours. */
    INTERNAL(50001, "Internal error"),
    /** The broker failed in a way that no retry mends by itself. */
    KAFKA_ERROR(50002, "Broker error"),
    /** Not built yet. */
    NOT_IMPLEMENTED(50101, "Not implemented"),
    /** No leader, too few in-sync replicas, no coordinator: passes by itself. */
    NOT_AVAILABLE_NOW(50301, "Not available now"),
    /** No broker can be reached. */
    NO_BROKER(50302, "No broker can be reached"),
    /** The gateway holds as much as it may. */
    OVERLOADED(50303, "Overloaded"),
    /** No admin-service can be reached. */
    NO_ADMIN(50304, "No admin-service can be reached");

    private final int code;
    private final String title;

    ProblemKind(int code, String title) {
        this.code = code;
        this.title = title;
    }

    /** The stable number. */
    public int code() {
        return code;
    }

    /** HTTP status. */
    public int status() {
        return code / 100;
    }

    /** A few words, the same every time. */
    public String title() {
        return title;
    }
}
