package io.naru.admin.v3;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * A place under {@code /v3/clusters}, and its two names: the URL under which the caller of this request can reach it, and the
 * resource name. Immutable; {@link #child} goes one step down.
 */
public final class Location {

    private final String url;
    private final String resourceName;

    private Location(String url, String resourceName) {
        this.url = url;
        this.resourceName = resourceName;
    }

    /** The collection of clusters, seen from {@code request}. */
    public static Location clusters(HttpServletRequest request) {
        String base = ServletUriComponentsBuilder.fromContextPath(request)
                .replaceQuery(null)
                .build()
                .toUriString();
        return new Location(base + "/v3/clusters", "crn:///");
    }

    /** One cluster, seen from {@code request}. */
    public static Location cluster(HttpServletRequest request, String clusterId) {
        Location clusters = clusters(request);
        return new Location(clusters.url + "/" + segment(clusterId), "crn:///kafka=" + clusterId);
    }

    /** A collection in this resource, which is no resource of its own. */
    public Location collection(String name) {
        return new Location(url + "/" + name, resourceName);
    }

    /**
     * A member of the collection that this is.
     *
     * @param kind its name in resource names, {@code topic}
     * @param id   its id
     */
    public Location child(String kind, Object id) {
        return new Location(url + "/" + segment(String.valueOf(id)), resourceName + "/" + kind + "=" + id);
    }

    private static String segment(String id) {
        return UriUtils.encodePathSegment(id, StandardCharsets.UTF_8);
    }

    /** The URL. */
    public String url() {
        return url;
    }

    /** Metadata of the resource that this is. */
    public ResourceMetadata metadata() {
        return new ResourceMetadata(url, resourceName);
    }

    /** This place under a name that is one of several by which its parent tells of the same thing: {@code reassignment}. */
    public Location view(String name) {
        return new Location(url + "/" + name, resourceName + "/" + name);
    }

    /** Metadata of the collection that this is; all of it stands on one page. */
    public CollectionMetadata listMetadata() {
        return new CollectionMetadata(url, null);
    }

    /** A link to a place below this one. */
    public Related related(String path) {
        return new Related(url + "/" + path);
    }
}
