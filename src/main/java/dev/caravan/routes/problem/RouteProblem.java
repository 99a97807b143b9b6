package dev.caravan.routes.problem;

import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.TypeConversionException;
import org.jspecify.annotations.Nullable;

/**
 * Why a route file cannot run: what Camel throws about it, as one sentence.
 *
 * @param message one line
 * @param line of the file, where Camel knows it, else null
 */
public record RouteProblem(String message, @Nullable Integer line) {
  private static final int LONGEST = 600;

  /**
   * What an error says, in a sentence for the author of the file.
   *
   * @param source of the file that the error is about
   * @param placeholders of that file
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

  /** The sentence, with the line in front unless it is in there. */
  @Override
  public String toString() {
    return line == null || message.contains("line " + line)
        ? message
        : "line " + line + ": " + message;
  }

  /** Causes below these say how a text was read, but no longer which text. */
  private static boolean tellsMost(Throwable error) {
    return error instanceof PropertyBindingException
        || error instanceof ExpressionIllegalSyntaxException
        || error instanceof NoClassDefFoundError
        || error instanceof TypeConversionException
        || error.getCause() instanceof NoTypeConversionAvailableException
        // of a step, whose options are numbers, classes and the like
        || (error instanceof IllegalArgumentException
            && error.getCause() instanceof TypeConversionException);
  }
}
