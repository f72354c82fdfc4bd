package io.naru.service;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** A service with nothing in it but ways to fail. */
@SpringBootApplication
class ProbeApplication {

    record Order(String name, int count) {}

    @Bean
    ServicePorts servicePorts() {
        return () -> Map.of("kafka", 4711);
    }

    @RestController
    static class Failures {

        @GetMapping("/boom")
        String boom() {
            throw new IllegalStateException("secret of the house");
        }

        @GetMapping("/teapot")
        void teapot(HttpServletResponse response) throws IOException {
            response.sendError(418, "short and stout");
        }

        @PostMapping("/v3/orders")
        Order order(@RequestBody Order order) {
            return order;
        }
    }
}
