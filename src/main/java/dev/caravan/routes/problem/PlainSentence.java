package dev.caravan.routes.problem;

import static dev.caravan.libraries.MissingLibrary.named;

import dev.caravan.libraries.CamelNames.Kind;
import dev.caravan.libraries.MissingLibrary;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites what Camel and Java report about frequent mistakes for the author, with what to do.
 *
 * <p>It goes by texts, since Camel has no other sign of these mistakes.
 */
final class PlainSentence {
  private static final List<Rule> RULES =
      List.of(
          missing(
              "No language could be found for: (\\S+)",
              name -> "there is no language " + name + " here. " + named(Kind.LANGUAGE, name)),
          missing(
              "Data format '([^']+)' could not be created.*",
              name -> "there is no data format " + name + " here. " + named(Kind.DATAFORMAT, name)),
          missing(
              "Cannot find (camel-[\\w-]+).* on the classpath\\.?",
              name -> "a step needs " + name + ". " + MissingLibrary.add(name)),
          missing(
              "Resource not found: classpath:kamelets/([\\w.-]+)\\.kamelet\\.yaml",
              name ->
                  "there is no Kamelet %s. Put %s.kamelet.yaml into routes/shared. For those of Camel's catalogue: %s"
                      .formatted(name, name, MissingLibrary.add("camel-kamelets"))),
          rule(
              "policy must be specified on: .*TransactedReifier.*|No bean could be found in the registry for: org\\.springframework\\.transaction\\.PlatformTransactionManager.*",
              "transacted needs a transaction policy, and no bean is one. Define one, or leave transacted out: a delivery that fails is tried again as a whole"),
          rule(
              "No bean could be found in the registry for: org\\.apache\\.camel\\.saga\\.CamelSagaService.*",
              "saga needs a bean that keeps sagas. Define one under beans: with type: org.apache.camel.saga.InMemorySagaService"),
          rule(
              "Cannot find RouteTemplate with id (\\S+)",
              "there is no route template $1. Define one with that id in routes/shared, or in this file"),
          rule(
              "Unknown node id: (\\S+)\\s+in .*",
              "there is nothing called $1 that could stand here. Is it misspelt?"),
          rule(
              "Node type \\S+ is invalid, expected array\\s+in .*",
              "a list has to stand here: write - before each of its items"),
          rule(
              "Expected scheme-specific part at index \\d+: ([\\w-]+):",
              "$1: is not a whole address: nothing follows it"),
          rule(
              "Route (.+) has no output processors\\..*",
              "the route $1 does nothing. Write steps: under its from, and under a transacted or saga the steps that belong to it"),
          rule(
              "Failed to start route: .* because: Duplicate id detected: (.+)\\. Please.*",
              "two steps have the id '$1'. Give one of them another id"),
          rule(
              "Multiple consumers for the same endpoint is not allowed: ([\\w-]+)://(.*)",
              "$1:$2 is read by two routes, and only one can. Give one of them another name"));

  private record Rule(Pattern pattern, Function<Matcher, String> sentence) {}

  private PlainSentence() {}

  private static Rule rule(String pattern, String sentence) {
    return new Rule(
        Pattern.compile(pattern, Pattern.DOTALL), matcher -> matcher.replaceFirst(sentence));
  }

  /** A rule whose first group is the name of what is missing. */
  private static Rule missing(String pattern, UnaryOperator<String> sentence) {
    return new Rule(
        Pattern.compile(pattern, Pattern.DOTALL), matcher -> sentence.apply(matcher.group(1)));
  }

  /** A sentence about a class that cannot be found. */
  static String missingClass(String name) {
    String className = name.replace('/', '.');
    return "the class %s is missing. %s".formatted(className, MissingLibrary.ofClass(className));
  }

  /** The message, or a better one instead. */
  static String of(String message) {
    for (Rule rule : RULES) {
      Matcher matcher = rule.pattern().matcher(message);
      if (matcher.matches()) {
        return rule.sentence().apply(matcher);
      }
    }
    return message;
  }
}
