package io.naru.gateway.topic;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Route;
import io.naru.gateway.http.Router;
import java.util.List;
import java.util.Map;

/**
 * {@code GET /}: what there is and how to begin, as JSON that a person can read, too. Lists the routes that really are there, so it is
 * never behind.
 */
public final class EndpointsRoute implements Route {

    /** What a variable segment stands for, by the segment before it. */
    private static final Map<String, String> VARIABLES = Map.of(
            "topics", "{topic}",
            "partitions", "{partition}",
            "records", "{offset}",
            "groups", "{group}",
            "members", "{member}",
            "consumers", "{group}",
            "instances", "{instance}");

    private final Router router;

    /** The page of a router's routes. */
    public EndpointsRoute(Router router) {
        this.router = router;
    }

    @Override
    public void handle(Exchange exchange) {
        MediaTypes.choose(exchange.request(), List.of(MediaTypes.JSON));
        JsonOut out = new JsonOut(2048);
        out.ascii("{\n  \"service\": \"naru gateway\",\n  \"begin\": [\n    ");
        String base = "http://" + host(exchange);
        String topic = base + "/v1/topics/greetings/records";
        out.string("curl -d 'hello world' " + topic).ascii(",\n    ");
        out.string("curl '" + topic + "?from=earliest'").ascii(",\n    ");
        out.string("curl -N '" + topic + "?follow=true'").ascii("\n  ],\n  \"documents\": {\n    \"page\": ");
        out.string(base + "/docs").ascii(",\n    \"openapi\": ").string(base + "/openapi");
        out.ascii(",\n    \"openapi_yaml\": ").string(base + "/openapi.yaml").ascii("\n  },\n  \"endpoints\": [");
        List<String> routes = router.routes();
        for (int i = 0; i < routes.size(); i++) {
            out.ascii(i == 0 ? "\n    " : ",\n    ").string(named(routes.get(i)));
        }
        out.ascii("\n  ]\n}\n");
        exchange.suspend();
        exchange.answer(200, MediaTypes.JSON, out);
    }

    private static String host(Exchange exchange) {
        String host = exchange.request().getHeader("Host");
        return host == null || host.isBlank() ? "localhost" : host;
    }

    private static String named(String route) {
        StringBuilder named = new StringBuilder();
        String before = "";
        for (String segment : route.split("/", -1)) {
            named.append(named.isEmpty() ? "" : "/").append(named(segment, before));
            before = segment;
        }
        return named.toString();
    }

    private static String named(String segment, String before) {
        return switch (segment) {
            case "*" -> VARIABLES.getOrDefault(before, "{id}");
            case "**" -> "{rest}";
            default -> segment;
        };
    }
}
