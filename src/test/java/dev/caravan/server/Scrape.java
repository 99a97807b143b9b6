package dev.caravan.server;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a server says of itself in Prometheus' text format, line by line. */
record Scrape(Map<String, Double> samples) {

  static Scrape of(String text) {
    Map<String, Double> samples = new TreeMap<>();
    text.lines()
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .forEach(
            line -> {
              int end = line.lastIndexOf(' ');
              samples.put(line.substring(0, end), number(line.substring(end + 1)));
            });
    return new Scrape(samples);
  }

  private static double number(String text) {
    return Double.parseDouble(text.replace("Inf", "Infinity"));
  }

  /** The value of a name with its labels, which must be there. */
  double value(String sample) {
    Double value = samples.get(sample);
    if (value == null) {
      throw new AssertionError("There is no " + sample + " in " + samples.keySet());
    }
    return value;
  }

  /** The names that samples have, without labels. */
  Set<String> names() {
    return samples.keySet().stream()
        .map(sample -> sample.split("\\{", 2)[0])
        .collect(Collectors.toSet());
  }
}
