package dev.caravan.routes;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Camel and Java say of frequent mistakes, in words for who made one, and with what to do.
 *
 * <p>A list, since Camel has no other sign of these than their texts.
 */
final class PlainSentence {
  private static final String ADD_JAR =
      "Add %s: put its jar, with those it needs, into lib/, or add it to pom.xml";

  private static final List<Rule> RULES =
      List.of(
          rule(
              "No language could be found for: (\\S+)",
              "there is no language $1. " + ADD_JAR.formatted("camel-$1")),
          rule(
              "Data format '([^']+)' could not be created.*",
              "there is no data format $1. " + ADD_JAR.formatted("camel-$1")),
          rule(
              "Cannot find camel-resilience4j or .*",
              "circuitBreaker needs more than is here. " + ADD_JAR.formatted("camel-resilience4j")),
          rule(
              "Cannot find (camel-[\\w-]+).* on the classpath\\.?",
              "a step needs more than is here. " + ADD_JAR.formatted("$1")),
          rule(
              "Expected scheme-specific part at index \\d+: ([\\w-]+):",
              "$1: is no whole address: nothing follows it"),
          rule(
              "Route (.+) has no output processors\\..*",
              "the route $1 does nothing. Write steps: under its from, and under a transacted or saga the steps that belong to it"),
          rule(
              "Failed to start route: .* because: Duplicate id detected: (.+)\\. Please.*",
              "two steps have the id '$1'. Give one of them another id"),
          rule(
              "Multiple consumers for the same endpoint is not allowed: ([\\w-]+)://(.*)",
              "$1:$2 is read by two routes, and only one can. Give one of them another name"));

  private record Rule(Pattern pattern, String sentence) {}

  private PlainSentence() {}

  private static Rule rule(String pattern, String sentence) {
    return new Rule(Pattern.compile(pattern, Pattern.DOTALL), sentence);
  }

  /** A sentence about a class that cannot be found. */
  static String missingClass(String name) {
    return "the class %s is missing. Put the jar that has it into lib/, and start again"
        .formatted(name.replace('/', '.'));
  }

  /** The message, or what is better said instead of it. */
  static String of(String message) {
    for (Rule rule : RULES) {
      Matcher matcher = rule.pattern().matcher(message);
      if (matcher.matches()) {
        return matcher.replaceFirst(rule.sentence());
      }
    }
    return message;
  }
}
