package io.naru.admin;

import io.naru.service.NaruService;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** The admin service. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(AdminProperties.class)
public class AdminApplication {

    /** Starts the service alone in this process. */
    public static void main(String[] args) {
        NaruService.run(AdminApplication.class, "admin", args);
    }
}
