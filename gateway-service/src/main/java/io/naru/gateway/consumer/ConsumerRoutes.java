package io.naru.gateway.consumer;

import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.cursor.PartitionPosition;
import io.naru.gateway.cursor.Subscription;
import io.naru.gateway.format.JsonOut;
import io.naru.gateway.group.OffsetCommit;
import io.naru.gateway.group.Seek;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.LimitsProperties;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.MemoryBudget;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.Query;
import io.naru.gateway.http.ResponseStream;
import io.naru.gateway.http.Route;
import io.naru.gateway.http.Router;
import io.naru.gateway.read.PartitionReads;
import io.naru.gateway.read.ReadServices;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;

/** {@code /consumers/{group}} and {@code /consumers/{group}/instances/{instance}/…}. */
public final class ConsumerRoutes {

    private static final int GROUP_SEGMENT = 1;
    private static final int INSTANCE_SEGMENT = 3;
    private static final int NAME_CHARS_MAX = 249;
    private static final String INSTANCE = "/consumers/*/instances/*";

    private final BodyReader bodies;
    private final ConsumerBodies parser;
    private final ConsumerCalls calls;
    private final ConsumerAnswers answers;
    private final ConsumerProperties properties;
    private final LimitsProperties limits;
    private final MemoryBudget memory;
    private final Executor workers;

    ConsumerRoutes(BodyReader bodies, ConsumerCalls calls, ConsumerProperties properties, ReadServices reads) {
        this.bodies = bodies;
        this.parser = new ConsumerBodies(properties);
        this.calls = calls;
        this.answers = new ConsumerAnswers(properties);
        this.properties = properties;
        this.limits = reads.limits();
        this.memory = reads.memory();
        this.workers = reads.workers();
    }

    /** Adds them to a router. */
    public void addTo(Router router) {
        router.add("POST", "/consumers/*", guarded(withBody(this::create)))
                .add("DELETE", INSTANCE, guarded(this::delete))
                .add("POST", INSTANCE + "/subscription", guarded(withBody(this::subscribe)))
                .add("GET", INSTANCE + "/subscription", guarded(this::subscription))
                .add("DELETE", INSTANCE + "/subscription", guarded(this::unsubscribe))
                .add("POST", INSTANCE + "/assignments", guarded(withBody(this::assign)))
                .add("GET", INSTANCE + "/assignments", guarded(this::assignment))
                .add("POST", INSTANCE + "/positions", guarded(withBody(this::seek)))
                .add("POST", INSTANCE + "/positions/beginning", guarded(withBody(this::seekToBeginning)))
                .add("POST", INSTANCE + "/positions/end", guarded(withBody(this::seekToEnd)))
                .add("GET", INSTANCE + "/records", guarded(this::records))
                .add("POST", INSTANCE + "/offsets", guarded(withBody(this::commit)))
                .add("GET", INSTANCE + "/offsets", guarded(withBody(this::committed)));
    }

    /** Takes the body of a call. */
    @FunctionalInterface
    private interface Body {
        void take(Exchange exchange, byte[] bytes, int length);
    }

    private Route withBody(Body body) {
        return exchange -> {
            requireJson(exchange);
            bodies.read(exchange, (bytes, length) -> {
                try {
                    body.take(exchange, bytes, length);
                } catch (RuntimeException e) {
                    answers.fail(exchange, e);
                }
            });
        };
    }

    private Route guarded(Route route) {
        return exchange -> {
            try {
                route.handle(exchange);
            } catch (RuntimeException | IOException e) {
                answers.fail(exchange, e);
            }
        };
    }

    /** Everything that senders of JSON are known to say; curl's own type, too. */
    private static void requireJson(Exchange exchange) {
        String type = MediaTypes.essence(exchange.request().getContentType());
        boolean json = type.isEmpty()
                || type.equals("application/x-www-form-urlencoded")
                || type.equals(MediaTypes.JSON)
                || (type.startsWith("application/vnd.kafka.") && type.endsWith("json"))
                || type.equals("application/vnd.kafka+json");
        if (!json) {
            throw Problem.of(
                            ProblemKind.UNSUPPORTED_MEDIA_TYPE,
                            "Content-Type " + type + " is not taken here; send " + ConsumerAnswers.V2
                                    + " or application/json")
                    .exception();
        }
        MediaTypes.requireUtf8(exchange.request());
    }

    private static ConsumerKey key(Exchange exchange) {
        return new ConsumerKey(segment(exchange, GROUP_SEGMENT), segment(exchange, INSTANCE_SEGMENT));
    }

    private static String segment(Exchange exchange, int i) {
        String name = exchange.segment(i);
        if (name.length() > NAME_CHARS_MAX) {
            throw Problem.of(
                            ProblemKind.BAD_PARAMETER,
                            "a name in the path has at most " + NAME_CHARS_MAX + " characters")
                    .exception();
        }
        return name;
    }

    private <T> void then(Exchange exchange, CompletableFuture<T> future, Consumer<T> answer) {
        exchange.suspend();
        // Futures complete on event loops, which answers must not hold up.
        future.whenCompleteAsync(
                (value, error) -> {
                    if (error != null) {
                        answers.fail(exchange, error);
                        return;
                    }
                    try {
                        answer.accept(value);
                    } catch (RuntimeException mistake) {
                        exchange.fail(mistake);
                    }
                },
                workers);
    }

    private void done(Exchange exchange, CompletableFuture<Boolean> future) {
        then(exchange, future, x -> exchange.answer(204));
    }

    private <T> void json(Exchange exchange, CompletableFuture<T> future, Function<T, JsonOut> body) {
        then(exchange, future, value -> exchange.answer(200, ConsumerAnswers.V2, body.apply(value)));
    }

    // ---- instances

    private void create(Exchange exchange, byte[] bytes, int length) {
        exchange.query().allow();
        String group = segment(exchange, GROUP_SEGMENT);
        ConsumerBodies.NewInstance wanted = parseNew(bytes, length);
        String asked = wanted.name();
        String name = asked != null ? asked : "rest-consumer-" + UUID.randomUUID();
        String uri = BaseUri.of(exchange.request(), properties.baseUrl()) + "/consumers/" + escape(group)
                + "/instances/" + escape(name);
        then(
                exchange,
                calls.create(new ConsumerKey(group, name), wanted.state()),
                x -> exchange.answer(200, ConsumerAnswers.V2, ConsumerAnswers.created(name, uri)));
    }

    /** The bridge says 400 where fields are wrong, the proxy 422. */
    private ConsumerBodies.NewInstance parseNew(byte[] bytes, int length) {
        try {
            return parser.create(bytes, length);
        } catch (ProblemException wrong) {
            if (properties.isStrimzi() && wrong.problem().kind() == ProblemKind.INVALID_FIELD) {
                throw new ConsumerException(
                        ConsumerException.BAD_REQUEST, wrong.problem().detail());
            }
            throw wrong;
        }
    }

    /** A segment of a path as it was sent, were it sent by us. */
    private static String escape(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private void delete(Exchange exchange) {
        exchange.query().allow();
        done(exchange, calls.delete(key(exchange)));
    }

    // ---- what it reads

    private void subscribe(Exchange exchange, byte[] bytes, int length) {
        exchange.query().allow();
        ConsumerKey key = key(exchange);
        ConsumerBodies.Subscribe wanted = parser.subscribe(bytes, length);
        String pattern = wanted.pattern();
        if (wanted.topics().isEmpty() && pattern == null) {
            if (properties.isStrimzi()) {
                throw new ConsumerException(
                        ConsumerException.INVALID, "A list (of Topics type) or a topic_pattern must be specified.");
            }
            done(exchange, calls.state(key).thenApply(x -> true));
            return;
        }
        if (pattern != null && !wanted.topics().isEmpty() && properties.isStrimzi()) {
            throw ConsumerException.exclusive();
        }
        for (String topic : wanted.topics()) {
            if (!Topic.isValid(topic)) {
                throw Problem.of(ProblemKind.INVALID_FIELD, "/topics has \"" + topic + "\", which is no topic's name")
                        .exception();
            }
        }
        done(
                exchange,
                calls.subscribe(
                        key,
                        wanted.topics().isEmpty()
                                ? Subscription.ofPattern(String.valueOf(pattern))
                                : Subscription.ofTopics(wanted.topics())));
    }

    private void subscription(Exchange exchange) {
        exchange.query().allow();
        json(exchange, calls.state(key(exchange)), state -> subscription(state.cursor()));
    }

    private JsonOut subscription(@Nullable GroupCursor cursor) {
        if (cursor == null) {
            return answers.subscription(List.of(), List.of());
        }
        List<TopicPartition> partitions =
                cursor.positions().stream().map(PartitionPosition::partition).toList();
        Collection<String> topics = cursor.subscription().topics();
        if (cursor.subscription().pattern() != null) {
            topics =
                    new TreeSet<>(partitions.stream().map(TopicPartition::topic).toList());
        }
        return answers.subscription(topics, partitions);
    }

    private void unsubscribe(Exchange exchange) {
        exchange.query().allow();
        done(exchange, calls.unsubscribe(key(exchange)));
    }

    private void assign(Exchange exchange, byte[] bytes, int length) {
        exchange.query().allow();
        done(exchange, calls.assign(key(exchange), required(parser.partitions(bytes, length))));
    }

    private static List<TopicPartition> required(@Nullable List<TopicPartition> partitions) {
        if (partitions == null) {
            throw Problem.of(ProblemKind.INVALID_FIELD, "/partitions is missing")
                    .exception();
        }
        return partitions;
    }

    private void assignment(Exchange exchange) {
        exchange.query().allow();
        json(exchange, calls.assignment(key(exchange)), ConsumerAnswers::partitions);
    }

    private void seek(Exchange exchange, byte[] bytes, int length) {
        exchange.query().allow();
        done(exchange, calls.seek(key(exchange), parser.positions(bytes, length)));
    }

    private void seekToBeginning(Exchange exchange, byte[] bytes, int length) {
        seekTo(exchange, bytes, length, PartitionReads.EARLIEST);
    }

    private void seekToEnd(Exchange exchange, byte[] bytes, int length) {
        seekTo(exchange, bytes, length, PartitionReads.LATEST);
    }

    private void seekTo(Exchange exchange, byte[] bytes, int length, long time) {
        exchange.query().allow();
        List<Seek> seeks = required(parser.partitions(bytes, length)).stream()
                .map(partition -> Seek.toTime(partition, time))
                .toList();
        done(exchange, calls.seek(key(exchange), seeks));
    }

    // ---- records

    private void records(Exchange exchange) {
        Query query = exchange.query().allow("timeout", "max_bytes");
        int waitMs = (int) Math.min(
                query.number("timeout", -1, -1, Long.MAX_VALUE),
                limits.waitMax().toMillis());
        int maxBytes = (int) Math.min(query.number("max_bytes", -1, -1, Long.MAX_VALUE), Integer.MAX_VALUE);
        RecordForm asked = AcceptedForm.of(exchange.request(), properties.isStrimzi());
        ConsumerKey key = key(exchange);
        then(
                exchange,
                calls.read(
                        key,
                        asked,
                        maxBytes < 1 ? Integer.MAX_VALUE : maxBytes,
                        waitMs,
                        bytes -> exchange.reserve(memory, bytes)),
                read -> send(exchange, key, read));
    }

    private void send(Exchange exchange, ConsumerKey key, ConsumerCalls.Read read) {
        JsonOut body = read.body();
        String type = read.form().mediaType();
        if (read.count() == 0) {
            exchange.answer(200, type, body);
            return;
        }
        ResponseStream stream = ResponseStream.begin(exchange, 200, type, body.length(), () -> {});
        if (stream != null) {
            stream.write(body.array(), 0, body.length());
            stream.finish(() -> calls.answered(key, read));
        }
    }

    // ---- offsets

    private void commit(Exchange exchange, byte[] bytes, int length) {
        exchange.query().allow("async").flag("async");
        Map<TopicPartition, OffsetCommit> chosen = parser.commit(bytes, length);
        CompletableFuture<Boolean> committed = calls.commit(key(exchange), chosen == null ? null : stored(chosen));
        if (properties.isStrimzi()) {
            done(exchange, committed);
        } else {
            json(exchange, committed, x -> new JsonOut(8).ascii("[]"));
        }
    }

    /** The proxy is told the last record that was dealt with, the bridge the next one. */
    private Map<TopicPartition, OffsetCommit> stored(Map<TopicPartition, OffsetCommit> chosen) {
        if (properties.isStrimzi()) {
            return chosen;
        }
        Map<TopicPartition, OffsetCommit> next = new LinkedHashMap<>();
        chosen.forEach(
                (partition, commit) -> next.put(partition, new OffsetCommit(commit.offset() + 1, commit.metadata())));
        return next;
    }

    private void committed(Exchange exchange, byte[] bytes, int length) {
        exchange.query().allow();
        json(exchange, calls.committed(key(exchange), parser.partitions(bytes, length)), ConsumerAnswers::offsets);
    }
}
