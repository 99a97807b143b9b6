package dev.caravan.routes.problem;

import dev.caravan.config.WithoutCredentials;
import dev.caravan.libraries.CamelNames.Kind;
import dev.caravan.libraries.MissingLibrary;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.util.StringHelper;
import org.jspecify.annotations.Nullable;

/**
 * What Camel says about a route, in one line and without the values of options.
 *
 * <p>Any value may be a password, and Camel hides only those of options it knows, not of a misspelt
 * one. The author has the value at hand, in the line that is named.
 */
final class ProblemSentence {
  private static final Pattern UNKNOWN_OPTIONS = Pattern.compile("\\[\\{(.*)}]", Pattern.DOTALL);
  private static final Pattern NAME_IN_ADDRESS = Pattern.compile("[?&]([^=&]+)=");

  /** The options of an address, or the text around a placeholder; a value may contain spaces. */
  private static final Pattern OPTIONS_TO_THE_END =
      Pattern.compile("(\\w:[^\\s?]*)\\?.*| in properties from text: .*", Pattern.DOTALL);

  /** The line of the file with a mark below it, with which a parser shows where it stopped. */
  private static final Pattern LINE_SHOWN =
      Pattern.compile("\\n[^\\n]*\\n[ \\t]*\\^[ \\t]*(?=\\n|$)");

  private static final Pattern CLASS = Pattern.compile("[\\w$/.]+");

  private ProblemSentence() {}

  static String of(Throwable error, Placeholders placeholders) {
    if (error instanceof PropertyBindingException option) {
      return ofOption(option);
    }
    if (error instanceof TypeConversionException conversion) {
      return "the value of one of its options" + cannotBeUsed(conversion.getToType());
    }
    String message = error.getMessage();
    if (error instanceof NoClassDefFoundError && CLASS.matcher(String.valueOf(message)).matches()) {
      return PlainSentence.missingClass(message);
    }
    if (error instanceof ClassNotFoundException
        && CLASS.matcher(String.valueOf(message)).matches()) {
      return PlainSentence.missingClass(message) + ", unless its name is misspelt";
    }
    if (message == null || message.isBlank()) {
      return error.getClass().getSimpleName();
    }
    String said = placeholders.asWritten(PlainSentence.of(message));
    if (error instanceof ExpressionIllegalSyntaxException) {
      said =
          said.lines().limit(1).collect(Collectors.joining()); // the other lines are the expression
    }
    if (error instanceof ResolveEndpointFailedException endpoint) {
      said = withoutOptions(said, placeholders.asWritten(endpoint.getUri()));
    }
    if (error instanceof NoSuchEndpointException endpoint) {
      said = ofAddress(endpoint.getUri(), placeholders);
    }
    said = OPTIONS_TO_THE_END.matcher(said).replaceFirst("$1");
    said = LINE_SHOWN.matcher(said).replaceAll("");
    return WithoutCredentials.of(said).strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }

  /** Names the component, which is what is wrong; the whole address may come from a setting. */
  private static String ofAddress(String uri, Placeholders placeholders) {
    String component = StringHelper.before(uri, ":");
    return "No endpoint could be found for: "
        + withoutOptions(placeholders.asWritten(uri))
        + (component == null
            ? ""
            : ", since there is no component "
                + component
                + " here. "
                + MissingLibrary.named(Kind.COMPONENT, component));
  }

  private static String ofOption(PropertyBindingException error) {
    String name = error.getPropertyName() == null ? "an option" : error.getPropertyName();
    Throwable cause = error.getCause();
    if (cause == null) {
      return "there is no option " + name;
    }
    return cause instanceof NoSuchBeanException
        ? name + " names a bean that does not exist"
        : "the value of " + name + cannotBeUsed(type(cause));
  }

  private static String cannotBeUsed(@Nullable Class<?> type) {
    return " cannot be used" + (type == null ? "" : " as " + type.getSimpleName());
  }

  private static @Nullable Class<?> type(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof TypeConversionException conversion) {
        return conversion.getToType();
      }
      if (cause instanceof NoTypeConversionAvailableException conversion) {
        return conversion.getToType();
      }
    }
    return null;
  }

  private static String withoutOptions(String address) {
    return StringHelper.before(address, "?", address);
  }

  /** Lists unknown options by name. Only names in the address count: a value may look like one. */
  private static String withoutOptions(String message, String address) {
    String said = message.replace(address, withoutOptions(address));
    Matcher unknown = UNKNOWN_OPTIONS.matcher(said);
    if (!unknown.find()) {
      return said;
    }
    String options = ", " + unknown.group(1);
    List<String> names =
        NAME_IN_ADDRESS
            .matcher(address)
            .results()
            .map(option -> option.group(1))
            .filter(name -> options.contains(", " + name + "="))
            .toList();
    String component = withoutOptions(address);
    if (names.isEmpty()) {
      return component
          + ": an & in the value of an option begins the next option. Write the value as RAW(…)";
    }
    return "%s has no option %s".formatted(component, String.join(" and no option ", names));
  }
}
