package io.naru.gateway;

import io.naru.service.NaruService;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The gateway as a service of its own. */
@SpringBootApplication
public class GatewayApplication {

    /** Starts it. */
    public static void main(String[] args) {
        NaruService.run(GatewayApplication.class, "gateway", args);
    }
}
