package dev.caravan.rehearsal;

import dev.caravan.log.subscription.NamePatterns;
import dev.caravan.rehearsal.stage.Answer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads tests of routes, as their author writes them in YAML. */
public final class RouteTestFile {
  private static final int OK = 200;
  private static final Set<String> OF_A_TEST =
      Set.of("test", "routes", "event", "payload", "change", "answers", "expect");
  private static final Set<String> OF_EXPECT = Set.of("taken-by", "sent", "fails");
  private static final Set<String> OF_SENT = Set.of("to", "method", "body-contains", "headers");
  private static final Set<String> OF_AN_ANSWER =
      Set.of("to", "status", "headers", "body", "fails");

  private RouteTestFile() {}

  /**
   * The tests in a file, in its order.
   *
   * @throws IllegalArgumentException with a sentence for the author when it cannot be read
   */
  public static List<RouteTest> read(String yaml) {
    Object file;
    try {
      file = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException(
          "it is not YAML: " + String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " "));
    }
    if (!(file instanceof List<?> tests) || tests.isEmpty()) {
      throw new IllegalArgumentException(
          "it is a list of tests, each of which begins with - test: and a sentence");
    }
    List<RouteTest> read = new ArrayList<>();
    for (Object each : tests) {
      String name = "test " + (read.size() + 1);
      try {
        Map<String, Object> test = map(each, "a test");
        name = text(test, "test");
        read.add(test(name, test));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("%s: %s".formatted(name, e.getMessage()));
      }
    }
    return read;
  }

  private static RouteTest test(String name, Map<String, Object> test) {
    known(test, OF_A_TEST, "a test");
    Map<String, Object> expect = map(required(test, "expect"), "expect");
    known(expect, OF_EXPECT, "expect");
    if (expect.isEmpty()) {
      throw new IllegalArgumentException("expect is empty. Write taken-by, sent or fails under it");
    }
    return new RouteTest(
        name,
        test.containsKey("routes") ? texts(test.get("routes")) : null,
        text(test, "event"),
        optional(test, "payload"),
        test.containsKey("change") ? map(test.get("change"), "change") : Map.of(),
        maps(test.get("answers"), "answers").stream().map(RouteTestFile::answer).toList(),
        expect.containsKey("taken-by") ? texts(expect.get("taken-by")) : null,
        expect.containsKey("sent")
            ? maps(expect.get("sent"), "sent").stream().map(RouteTestFile::send).toList()
            : null,
        optional(expect, "fails"));
  }

  private static ExpectedSend send(Map<String, Object> sent) {
    known(sent, OF_SENT, "sent");
    String to = text(sent, "to");
    Map<String, @Nullable String> headers = new LinkedHashMap<>();
    if (sent.containsKey("headers")) {
      map(sent.get("headers"), "headers")
          .forEach((name, value) -> headers.put(name, value == null ? null : value.toString()));
    }
    return new ExpectedSend(
        to, pattern(to), optional(sent, "method"), texts(sent.get("body-contains")), headers);
  }

  private static Answer answer(Map<String, Object> answer) {
    known(answer, OF_AN_ANSWER, "an answer");
    Map<String, String> headers = new LinkedHashMap<>();
    if (answer.containsKey("headers")) {
      map(answer.get("headers"), "headers")
          .forEach((name, value) -> headers.put(name, String.valueOf(value)));
    }
    Object status = answer.getOrDefault("status", OK);
    if (!(status instanceof Integer number) || number < 100 || number > 599) {
      throw new IllegalArgumentException(
          "status is '%s'; it is a number from 100 to 599".formatted(status));
    }
    return new Answer(
        pattern(text(answer, "to")),
        number,
        headers,
        optional(answer, "body"),
        optional(answer, "fails"));
  }

  private static NamePatterns pattern(String to) {
    return NamePatterns.parse("to", to.replace(",", "?"), pattern -> pattern);
  }

  private static Object required(Map<String, Object> map, String key) {
    Object value = map.get(key);
    if (value == null) {
      throw new IllegalArgumentException("%s: is missing".formatted(key));
    }
    return value;
  }

  private static String text(Map<String, Object> map, String key) {
    return required(map, key).toString();
  }

  private static @Nullable String optional(Map<String, Object> map, String key) {
    Object value = map.get(key);
    return value == null ? null : value.toString();
  }

  /** One text is a list of one. */
  private static List<String> texts(@Nullable Object value) {
    if (value == null) {
      return List.of();
    }
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of(value.toString());
  }

  private static List<Map<String, Object>> maps(@Nullable Object value, String what) {
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      throw new IllegalArgumentException("%s is a list".formatted(what));
    }
    return list.stream().map(each -> map(each, what)).toList();
  }

  private static Map<String, Object> map(@Nullable Object value, String what) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(
          "%s has names with values, such as event: push".formatted(what));
    }
    Map<String, Object> read = new LinkedHashMap<>();
    map.forEach((name, each) -> read.put(String.valueOf(name), each));
    return read;
  }

  private static void known(Map<String, Object> map, Set<String> names, String what) {
    for (String name : map.keySet()) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "%s has no %s:. It may have %s"
                .formatted(what, name, String.join(", ", new TreeSet<>(names))));
      }
    }
  }
}
