package io.naru.coordinator;

import io.naru.service.NaruService;
import io.naru.service.http.NoFileNames;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** coordinator-service. */
@SpringBootApplication(proxyBeanMethods = false)
@Import(NoFileNames.class)
public class CoordinatorApplication {

    /** Starts a coordinator; {@code --naru.*} properties configure it. */
    public static void main(String... args) {
        NaruService.run(CoordinatorApplication.class, "coordinator", args);
    }
}
