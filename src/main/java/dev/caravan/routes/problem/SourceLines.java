package dev.caravan.routes.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.util.StringHelper;
import org.jspecify.annotations.Nullable;

/**
 * The text of a route file and the routes read from it: knows which line an error is about.
 *
 * <p>Errors in reading a file name the line themselves. Errors in building and starting its routes
 * name the route, often the step, and something that does not exist, but no line. The model knows
 * where steps begin; within the step, the text is searched for what the error names.
 */
public final class SourceLines {
  private static final Pattern LINE = Pattern.compile("line (\\d{1,9})");
  private static final Pattern LINE_OF_JAVA = Pattern.compile("\\.java:(\\d{1,9}): error");
  private static final Pattern STEP = Pattern.compile("at: >>> (.*) <<< in route", Pattern.DOTALL);
  private static final List<Pattern> NAMED =
      List.of(
          Pattern.compile("No language could be found for: (\\S+)"),
          Pattern.compile("Data format '([^']+)' could not be created"),
          Pattern.compile("Cannot find RouteTemplate with id (\\S+)"),
          Pattern.compile("Duplicate id detected: (.+)\\. Please"),
          // our own messages about options and parts of a file
          Pattern.compile(
              "^([A-Za-z]+)(?::| must| needs| together| is (?:'|\\d|set,|not taken)| has (?:no|')) ?"),
          Pattern.compile("^(\\S+) is read by "),
          Pattern.compile("Unknown parameters=\\[\\{([^=}]+)"),
          Pattern.compile("Property with key \\[([^\\]]+)\\] not found"),
          Pattern.compile("in registry with ref: (\\S+)"),
          Pattern.compile("Error parsing \\[([^\\]]+)\\]"));

  private final List<String> lines;
  private final List<RouteDefinition> routes;

  /**
   * @param routes the routes read from it; none when it could not be read
   */
  public SourceLines(String text, List<RouteDefinition> routes) {
    this.lines = text.lines().toList();
    this.routes = routes;
  }

  /** Some lines of the file, counted from 1, both ends included. */
  private record Range(int first, int last) {}

  /** The line that an error is about, or null when it gives no clue. */
  public @Nullable Integer lineOf(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      Integer stated = stated(String.valueOf(cause.getMessage()));
      if (stated != null) {
        return stated;
      }
    }
    List<String> names = names(error);
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      RouteDefinition route = route(cause);
      if (route != null) {
        Range part = part(route, String.valueOf(cause.getMessage()));
        Integer line = search(names, part);
        return line == null ? Integer.valueOf(part.first()) : line;
      }
    }
    return search(names, new Range(1, lines.size()));
  }

  /** The line where a route begins. */
  public static int lineOf(RouteDefinition route) {
    return route.getLineNumber() > 0 || route.getInput() == null
        ? route.getLineNumber()
        : route.getInput().getLineNumber(); // in Java
  }

  /** The last line that a message names: the YAML reader first names the enclosing part's. */
  private static @Nullable Integer stated(String message) {
    Matcher java = LINE_OF_JAVA.matcher(message);
    if (java.find()) {
      return Integer.valueOf(java.group(1));
    }
    Integer line = null;
    Matcher yaml = LINE.matcher(message);
    while (yaml.find()) {
      line = Integer.valueOf(yaml.group(1));
    }
    return line;
  }

  private @Nullable RouteDefinition route(Throwable error) {
    String id =
        error instanceof FailedToCreateRouteException create
            ? create.getRouteId()
            : error instanceof FailedToStartRouteException start ? start.getRouteId() : null;
    return routes.stream()
        .filter(route -> route.getRouteId().equals(id) && lineOf(route) > 0)
        .findFirst()
        .orElse(null);
  }

  /** The lines of the step that the message names, or the beginning of the route. */
  private Range part(RouteDefinition route, String message) {
    Matcher named = STEP.matcher(message);
    String step = named.find() ? named.group(1) : null;
    int first = Math.max(lineOf(route), route.getInput().getLineNumber());
    boolean found = step == null;
    for (ProcessorDefinition<?> each : route.getOutputs()) {
      if (found && each.getLineNumber() > first) {
        return new Range(first, each.getLineNumber() - 1);
      }
      if (!found && each.toString().equals(step)) {
        found = true;
        first = Math.max(first, each.getLineNumber());
      }
    }
    return new Range(first, end(route));
  }

  private int end(RouteDefinition route) {
    return routes.stream()
        .mapToInt(SourceLines::lineOf)
        .filter(line -> line > lineOf(route))
        .map(line -> line - 1)
        .min()
        .orElse(lines.size());
  }

  private static List<String> names(Throwable error) {
    List<String> names = new ArrayList<>();
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof NoSuchBeanException bean) {
        names.add(bean.getName());
      } else if (cause instanceof NoSuchEndpointException endpoint) {
        names.add(StringHelper.before(endpoint.getUri(), ":", endpoint.getUri()));
      } else if (cause instanceof PropertyBindingException property) {
        names.add(String.valueOf(property.getPropertyName()));
      } else if (cause instanceof ExpressionIllegalSyntaxException expression) {
        names.add(expression.getExpression().strip());
      }
      if (cause instanceof ClassNotFoundException) {
        names.add(String.valueOf(cause.getMessage()));
      }
      for (Pattern pattern : NAMED) {
        Matcher matcher = pattern.matcher(String.valueOf(cause.getMessage()));
        if (matcher.find()) {
          names.add(matcher.group(1));
        }
      }
    }
    return names;
  }

  private @Nullable Integer search(List<String> names, Range range) {
    for (String name : names) {
      Pattern word = Pattern.compile("(?<![\\w-])" + Pattern.quote(name) + "(?![\\w-])");
      for (int line = range.first(); line <= Math.min(range.last(), lines.size()); line++) {
        if (word.matcher(lines.get(line - 1)).find()) {
          return line;
        }
      }
    }
    return null;
  }
}
