package io.naru.admin;

import io.naru.cluster.control.Actor;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpHeaders;

/** Who asks by HTTP, for the change history. */
public final class Actors {

    private Actors() {}

    /** A person or program that calls the REST API: by its user agent and address. */
    public static Actor ofUser(HttpServletRequest request) {
        return Actor.anonymous(request.getHeader(HttpHeaders.USER_AGENT), request.getRemoteAddr());
    }

    /** Whoever a service calls the control plane for; itself if it does not say. */
    public static Actor ofControlPlane(HttpServletRequest request) {
        return Actor.fromHeader(request.getHeader(Actor.HEADER), request.getRemoteAddr());
    }
}
