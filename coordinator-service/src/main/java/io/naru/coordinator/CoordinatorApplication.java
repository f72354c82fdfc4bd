package io.naru.coordinator;

import io.naru.service.NaruService;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** coordinator-service. */
@SpringBootApplication(proxyBeanMethods = false)
public class CoordinatorApplication {

    /** Starts a coordinator; {@code --naru.*} properties configure it. */
    public static void main(String... args) {
        NaruService.run(CoordinatorApplication.class, "coordinator", args);
    }
}
