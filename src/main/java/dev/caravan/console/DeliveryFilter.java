package dev.caravan.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.management.QueryParameters;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The filter of the list of deliveries, as it is in the page's address. */
public final class DeliveryFilter {
  private final Map<String, String> parameters;

  private DeliveryFilter(Map<String, String> parameters) {
    this.parameters = parameters;
  }

  /** Takes the parameters that narrow a list; ignores empty ones. */
  static DeliveryFilter of(Iterable<Map.Entry<String, String>> parameters) {
    Map<String, String> given = new LinkedHashMap<>();
    for (Map.Entry<String, String> each : parameters) {
      if (QueryParameters.NAMES.contains(each.getKey()) && !each.getValue().isBlank()) {
        given.put(each.getKey(), each.getValue().strip());
      }
    }
    return new DeliveryFilter(given);
  }

  /**
   * The query for the log.
   *
   * @throws dev.caravan.management.RefusedException for an invalid parameter
   */
  DeliveryQuery query() {
    return QueryParameters.read(parameters);
  }

  /** The value in a field of the form. */
  public String value(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** Whether it shows the newest deliveries and not a page further back. */
  public boolean isNewest() {
    return !parameters.containsKey("before");
  }

  /** Whether nothing is left out. */
  public boolean isEmpty() {
    return parameters.keySet().stream().allMatch(name -> name.equals("before"));
  }

  /** Whether it selects dead letters, by when or why they were given up. */
  public boolean asksForDeadLetters() {
    return parameters.containsKey("error")
        || parameters.containsKey("dead-from")
        || parameters.containsKey("dead-to");
  }

  /** The same filter, further back. */
  DeliveryFilter before(String position) {
    Map<String, String> changed = new LinkedHashMap<>(parameters);
    changed.put("before", position);
    return new DeliveryFilter(changed);
  }

  /** The same filter, from the newest on. */
  public DeliveryFilter newest() {
    Map<String, String> changed = new LinkedHashMap<>(parameters);
    changed.remove("before");
    return new DeliveryFilter(changed);
  }

  /** As the query of an address, with its question mark; empty when nothing is set. */
  public String address() {
    return parameters.isEmpty()
        ? ""
        : parameters.entrySet().stream()
            .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
            .collect(Collectors.joining("&", "?", ""));
  }

  @Override
  public String toString() {
    return address();
  }
}
