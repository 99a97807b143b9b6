package dev.caravan.webhook.outcome;

import dev.caravan.webhook.payload.JsonBody;
import java.io.Serial;
import org.apache.camel.Exchange;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.component.bean.MethodNotFoundException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;

/** A failure that is not tried again: says which step of the route met which error. */
final class FailsEveryTimeException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private static final int LONGEST_VALUE = 60;

  private FailsEveryTimeException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * @param cause why the exchange failed
   */
  static FailsEveryTimeException of(Exchange exchange, Throwable cause) {
    String step = FailedStep.of(exchange, cause);
    String met = met(cause);
    return new FailsEveryTimeException(step == null ? met : step + ": " + met, cause);
  }

  private static String met(Throwable cause) {
    HttpOperationFailedException answer =
        ObjectHelper.getException(HttpOperationFailedException.class, cause);
    Throwable root = answer != null ? answer : HopelessFailures.root(cause);
    if (root instanceof MethodNotFoundException missing) {
      return "%s has no method %s".formatted(value(missing.getBean()), missing.getMethodName());
    }
    if (root instanceof NoTypeConversionAvailableException conversion) {
      return "%s cannot be converted to %s"
          .formatted(value(conversion.getValue()), conversion.getToType().getSimpleName());
    }
    String kind = root.getClass().getSimpleName();
    String message = root.getMessage();
    return message == null || message.isBlank() ? kind : kind + ": " + message;
  }

  /** The type of a value, and its text if it is a short one: a payload need not be quoted. */
  private static String value(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    String kind =
        value instanceof JsonBody ? "a part of the payload" : value.getClass().getSimpleName();
    return value instanceof CharSequence || value instanceof Number || value instanceof Boolean
        ? kind + " '" + shortened(value.toString()) + "'"
        : kind;
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "…";
  }
}
