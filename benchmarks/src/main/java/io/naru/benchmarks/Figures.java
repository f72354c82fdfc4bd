package io.naru.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.ObjectMapper;

/** Samples by figure and by system, in the order in which they came; their medians, and the first system's ratio to each other. */
public final class Figures {

    private final Map<String, Map<String, List<Double>>> samples = new LinkedHashMap<>();
    private final Set<String> systems = new LinkedHashSet<>();

    /** Notes one sample. */
    public void add(String figure, String system, double value) {
        systems.add(system);
        samples.computeIfAbsent(figure, f -> new LinkedHashMap<>())
                .computeIfAbsent(system, s -> new ArrayList<>())
                .add(value);
    }

    /** Prints a table: a row per figure with the median of each system, its least and greatest sample, and the ratio of medians. */
    public void print(PrintWriter out) {
        List<String> names = List.copyOf(systems);
        String first = names.get(0);
        out.printf("%-44s", "median (least–greatest)");
        names.forEach(name -> out.printf(" | %-30s", name));
        names.stream().skip(1).forEach(name -> out.printf(" | %s/%s", first, name));
        out.println();
        samples.forEach((figure, bySystem) -> {
            out.printf("%-44s", figure);
            for (String name : names) {
                out.printf(" | %-30s", told(bySystem.getOrDefault(name, List.of())));
            }
            for (String name : names.subList(1, names.size())) {
                double ratio = median(bySystem.getOrDefault(first, List.of()))
                        / median(bySystem.getOrDefault(name, List.of()));
                out.print(" | " + (Double.isNaN(ratio) ? "–" : number(ratio)));
            }
            out.println();
        });
        out.flush();
    }

    /** Writes every sample as JSON: figure → system → samples. */
    public void write(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.writeString(
                file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(samples));
    }

    private static String told(List<Double> values) {
        if (values.isEmpty()) {
            return "–";
        }
        return number(median(values)) + " (" + number(Collections.min(values)) + "–" + number(Collections.max(values))
                + ")";
    }

    private static String number(double value) {
        return value >= 100 ? String.format(Locale.ROOT, "%,.0f", value) : String.format(Locale.ROOT, "%.2f", value);
    }

    private static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
