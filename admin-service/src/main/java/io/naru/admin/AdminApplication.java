package io.naru.admin;

import io.naru.service.NaruService;
import io.naru.service.http.NoFileNames;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

/** The admin service. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(AdminProperties.class)
@Import(NoFileNames.class)
public class AdminApplication {

    /** Starts the service alone in this process. */
    public static void main(String[] args) {
        NaruService.run(AdminApplication.class, "admin", args);
    }
}
