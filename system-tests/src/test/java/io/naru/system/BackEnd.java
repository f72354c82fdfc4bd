package io.naru.system;

import io.naru.testkit.KafkaEndpoint;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.ReferenceKafka;
import java.net.URI;
import java.util.Map;

/** What a gateway stands in front of: it answers the same. */
enum BackEnd {
    NARU {
        @Override
        Running start(boolean autoCreate) {
            NaruCluster naru = NaruCluster.standalone()
                    .property("naru.broker.auto-create-topics", Boolean.toString(autoCreate))
                    .start();
            return new Running(naru, naru.gatewayUrl(), naru::close);
        }
    },
    APACHE_KAFKA {
        @Override
        Running start(boolean autoCreate) {
            ReferenceKafka kafka =
                    ReferenceKafka.start(Map.of("auto.create.topics.enable", Boolean.toString(autoCreate)));
            NaruCluster gateway = NaruCluster.gatewaysBefore(kafka).start();
            return new Running(kafka, gateway.gatewayUrl(), () -> {
                gateway.close();
                kafka.close();
            });
        }
    };

    /** Starts brokers and a gateway in front of them. */
    abstract Running start(boolean autoCreate);

    /** Brokers, the base URL of the gateway, and how all of it is stopped. */
    record Running(KafkaEndpoint brokers, URI gateway, Runnable stop) implements AutoCloseable {

        @Override
        public void close() {
            stop.run();
        }
    }
}
