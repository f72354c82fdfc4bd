package io.naru.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arrows between the rooms of the house, and what the cores must not know. */
class ArchitectureTest {

    private static JavaClasses naru;

    @BeforeAll
    static void read() {
        naru = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.naru");
    }

    @Test
    void everyServiceIsLookedAt() {
        for (String service :
                new String[] {"broker", "coordinator", "admin", "gateway", "protocol", "cluster", "service"}) {
            assertThat(naru.that(inPackage("io.naru." + service))).as(service).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"broker", "coordinator", "admin", "gateway"})
    void noServiceKnowsAnother(String service) {
        classes()
                .that()
                .resideInAPackage("io.naru." + service + "..")
                .should()
                .onlyDependOnClassesThat(
                        naruOnlyIn("io.naru." + service, "io.naru.protocol", "io.naru.cluster", "io.naru.service"))
                .check(naru);
    }

    @Test
    void theFoundationsKnowNoOneAbove() {
        classes()
                .that()
                .resideInAPackage("io.naru.protocol..")
                .should()
                .onlyDependOnClassesThat(naruOnlyIn("io.naru.protocol"))
                .check(naru);
        classes()
                .that()
                .resideInAPackage("io.naru.cluster..")
                .should()
                .onlyDependOnClassesThat(naruOnlyIn("io.naru.cluster"))
                .check(naru);
        classes()
                .that()
                .resideInAPackage("io.naru.service..")
                .should()
                .onlyDependOnClassesThat(naruOnlyIn("io.naru.service"))
                .check(naru);
    }

    @ParameterizedTest
    @CsvSource({
        "io.naru.broker",
        "io.naru.broker.log",
        "io.naru.coordinator",
        "io.naru.coordinator.group",
        "io.naru.admin",
        "io.naru.gateway",
        "io.naru.protocol",
        "io.naru.cluster"
    })
    void packagesDoNotDependOnEachOtherInCircles(String house) {
        slices().matching(house + ".(*)..").should().beFreeOfCycles().check(naru);
    }

    @Test
    void protocolAndClusterKnowNoSpring() {
        noClasses()
                .that()
                .resideInAnyPackage("io.naru.protocol..", "io.naru.cluster..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .check(naru);
    }

    @ParameterizedTest
    @CsvSource({
        "io.naru.broker.log",
        "io.naru.broker.partition",
        "io.naru.coordinator.group",
        "io.naru.admin.controller"
    })
    void coresKnowNoFrameworkAndHaveNoClock(String core) {
        assertThat(naru.that(inPackage(core))).as(core).isNotEmpty();
        noClasses()
                .that()
                .resideInAPackage(core + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "io.netty..", "jakarta..", "io.micrometer..")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(Math.class, "random")
                .check(naru);
    }

    @Test
    void noServerCodeOfApacheKafkaAtRunTime() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "kafka..",
                        "org.apache.kafka.coordinator..",
                        "org.apache.kafka.server..",
                        "org.apache.kafka.storage..",
                        "org.apache.kafka.controller..",
                        "org.apache.kafka.tools..")
                .check(naru);
    }

    private static com.tngtech.archunit.base.DescribedPredicate<com.tngtech.archunit.core.domain.JavaClass> inPackage(
            String name) {
        return com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(name + "..");
    }

    private static com.tngtech.archunit.base.DescribedPredicate<com.tngtech.archunit.core.domain.JavaClass> naruOnlyIn(
            String... packages) {
        return com.tngtech.archunit.base.DescribedPredicate.describe(
                "are outside Naru or in " + String.join(", ", packages), javaClass -> {
                    String name = javaClass.getPackageName();
                    if (!name.startsWith("io.naru")) {
                        return true;
                    }
                    for (String allowed : packages) {
                        if (name.equals(allowed) || name.startsWith(allowed + ".")) {
                            return true;
                        }
                    }
                    return false;
                });
    }
}
