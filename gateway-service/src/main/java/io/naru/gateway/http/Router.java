package io.naru.gateway.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Finds the route of a path: literal segments before variable ones. Not changed once requests come in. */
public final class Router {

    private static final String VARIABLE = "*";
    private static final String REST = "**";

    private final Node root = new Node();

    private static final class Node {
        private final Map<String, Node> children = new HashMap<>();
        private final Map<String, Route> methods = new TreeMap<>();
    }

    /**
     * Adds a route.
     *
     * @param path segments after slashes; a star is any one segment, told by {@link Exchange#segment}; two stars at the end are
     *             whatever follows
     */
    public Router add(String method, String path, Route route) {
        Node node = root;
        for (String segment : RequestPath.parse(path)) {
            node = node.children.computeIfAbsent(segment, s -> new Node());
        }
        node.methods.put(method, route);
        return this;
    }

    /**
     * The route.
     *
     * @throws ProblemException when there is none
     */
    Route find(String method, List<String> segments, Exchange exchange) {
        Node node = node(segments);
        Route route = node.methods.get(method.equals("HEAD") ? "GET" : method);
        if (route == null) {
            String allowed = String.join(", ", node.methods.keySet());
            exchange.header("Allow", allowed);
            throw Problem.of(ProblemKind.METHOD_NOT_ALLOWED, "this path takes " + allowed)
                    .exception();
        }
        return route;
    }

    /**
     * The methods that a path takes.
     *
     * @throws ProblemException when there is no such path
     */
    Set<String> methods(List<String> segments) {
        return node(segments).methods.keySet();
    }

    private Node node(List<String> segments) {
        Node node = find(root, segments, 0);
        if (node == null) {
            throw Problem.of(ProblemKind.NO_SUCH_PATH, "no such path; GET / lists what there is")
                    .exception();
        }
        return node;
    }

    /** Puts {@code around} round every route; it is told what {@link #routes} calls the route. */
    public void decorate(BiFunction<String, Route, Route> around) {
        decorate(root, "", around);
    }

    private static void decorate(Node node, String path, BiFunction<String, Route, Route> around) {
        node.methods.replaceAll((method, route) -> around.apply(method + " " + (path.isEmpty() ? "/" : path), route));
        node.children.forEach((segment, child) -> decorate(child, path + "/" + segment, around));
    }

    /** Every route, as {@code METHOD /path/with/*}, ordered by path. */
    public List<String> routes() {
        List<String> all = new ArrayList<>();
        list(root, "", all);
        return all;
    }

    private static void list(Node node, String path, List<String> to) {
        node.methods.keySet().forEach(method -> to.add(method + " " + (path.isEmpty() ? "/" : path)));
        new TreeMap<>(node.children).forEach((segment, child) -> list(child, path + "/" + segment, to));
    }

    private static @Nullable Node find(Node node, List<String> segments, int i) {
        if (i == segments.size()) {
            return node.methods.isEmpty() ? null : node;
        }
        Node literal = node.children.get(segments.get(i));
        Node found = literal == null ? null : find(literal, segments, i + 1);
        if (found != null) {
            return found;
        }
        Node variable = node.children.get(VARIABLE);
        found = variable == null ? null : find(variable, segments, i + 1);
        return found != null ? found : node.children.get(REST);
    }
}
