package io.naru.broker;

import io.naru.service.NaruService;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** broker-service. */
@SpringBootApplication(proxyBeanMethods = false)
public class BrokerApplication {

    /** Starts a broker; {@code --naru.*} properties configure it. */
    public static void main(String... args) {
        NaruService.run(BrokerApplication.class, "broker", args);
    }
}
