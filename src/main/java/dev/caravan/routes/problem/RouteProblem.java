package dev.caravan.routes.problem;

import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.TypeConversionException;
import org.jspecify.annotations.Nullable;

/**
 * Why a route file cannot run: Camel's exception as one sentence.
 *
 * @param message one line
 * @param line the line, or null when Camel does not know it
 */
public record RouteProblem(String message, @Nullable Integer line) {
  private static final int LONGEST = 600;

  /**
   * What an error says about a file, in a sentence for its author.
   *
   * @param source the text of the file
   * @param placeholders those of the file
   */
  public static RouteProblem of(Throwable error, SourceLines source, Placeholders placeholders) {
    Throwable telling = error;
    while (telling.getCause() != null && telling.getCause() != telling && !tellsMost(telling)) {
      telling = telling.getCause();
    }
    Integer line = source.lineOf(error);
    String message =
        ProblemSentence.of(telling, placeholders).replaceFirst("^line " + line + ": ", "");
    return new RouteProblem(
        message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "…", line);
  }

  /** The sentence, with the line in front unless it names the line itself. */
  @Override
  public String toString() {
    return line == null || message.contains("line " + line)
        ? message
        : "line " + line + ": " + message;
  }

  /** Whether to stop here: the causes of these tell how a text was read, but not which text. */
  private static boolean tellsMost(Throwable error) {
    return error instanceof PropertyBindingException
        || error instanceof ExpressionIllegalSyntaxException
        || error instanceof NoClassDefFoundError
        || error instanceof TypeConversionException
        || error.getCause() instanceof NoTypeConversionAvailableException
        // a step's option that is a number, a class or the like
        || (error instanceof IllegalArgumentException
            && error.getCause() instanceof TypeConversionException);
  }
}
