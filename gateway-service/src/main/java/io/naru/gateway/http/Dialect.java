package io.naru.gateway.http;

import io.naru.gateway.format.JsonOut;

/** How an error looks to those who asked. */
public enum Dialect {
    /** {@code application/problem+json} with our numbers. */
    NATIVE("application/problem+json") {
        @Override
        void write(Problem problem, JsonOut out) {
            problem.write(out, 0);
        }
    },

    /** {@code {"error_code","message"}} with the numbers of Confluent's REST API, which are the bare status where they have no other. */
    CONFLUENT("application/vnd.kafka.v2+json") {
        @Override
        void write(Problem problem, JsonOut out) {
            writeConfluent(problem, out);
        }
    },
    /** The same as Strimzi's bridge has it: the number is the status, and a bad request lists what is wrong with it. */
    STRIMZI("application/vnd.kafka.v2+json") {
        @Override
        void write(Problem problem, JsonOut out) {
            out.ascii("{\"error_code\":").number(problem.kind().status());
            out.ascii(",\"message\":").string(problem.detail());
            if (problem.kind().status() == 400) {
                out.ascii(",\"validation_errors\":[").string(problem.detail()).put(']');
            }
            out.put('}');
        }
    },
    /** The same in version 3, whose media type is plain. */
    CONFLUENT_V3("application/json") {
        @Override
        void write(Problem problem, JsonOut out) {
            writeConfluent(problem, out);
        }
    };

    private static void writeConfluent(Problem problem, JsonOut out) {
        out.ascii("{\"error_code\":").number(confluentCode(problem.kind()));
        out.ascii(",\"message\":").string(problem.detail()).put('}');
    }

    private final String contentType;

    Dialect(String contentType) {
        this.contentType = contentType;
    }

    /** Media type of errors. */
    public String contentType() {
        return contentType;
    }

    abstract void write(Problem problem, JsonOut out);

    /** The number that clients of Confluent's API know for it. */
    public static int confluentCode(ProblemKind kind) {
        return switch (kind) {
            case REFUSED, INVALID_CONFIG -> 40002;
            case NOT_AUTHENTICATED, FORBIDDEN, NO_SUCH_TOPIC, NO_SUCH_PARTITION -> kind.code();
            case KAFKA_ERROR -> 50002;
            case NOT_AVAILABLE_NOW -> 50003;
            case NO_BROKER -> 50302;
            default -> kind.status();
        };
    }
}
