package dev.caravan.webhook.outcome;

import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.jayway.jsonpath.InvalidPathException;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.time.DateTimeException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.camel.ExpressionEvaluationException;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.NoSuchHeaderException;
import org.apache.camel.NoSuchLanguageException;
import org.apache.camel.NoSuchPropertyException;
import org.apache.camel.NoSuchVariableException;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.RuntimeExpressionException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.ValidationException;
import org.apache.camel.component.bean.MethodNotFoundException;
import org.apache.camel.component.bean.ParameterBindingException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.ObjectHelper;

/**
 * Failures that a delivery would meet at every try: a mistake in the route or in what it expects of
 * a payload, or a destination's answer that the request itself is at fault.
 */
final class HopelessFailures {
  /**
   * Without 401, 403, 404 and 407, which end when the other side is corrected, and 408, 409, 421,
   * 423, 424, 425 and 429, which end by themselves.
   */
  private static final Set<Integer> STATUSES =
      Set.of(400, 402, 405, 406, 410, 411, 412, 413, 414, 415, 416, 417, 422, 426, 428, 431, 451);

  private static final List<Class<? extends Throwable>> KINDS =
      List.of(
          ArithmeticException.class,
          ClassCastException.class,
          DateTimeException.class,
          ExpressionEvaluationException.class,
          ExpressionIllegalSyntaxException.class,
          IllegalArgumentException.class,
          IndexOutOfBoundsException.class,
          InvalidDefinitionException.class,
          InvalidPathException.class,
          InvalidPayloadException.class,
          LinkageError.class,
          MethodNotFoundException.class,
          NoSuchBeanException.class,
          NoSuchEndpointException.class,
          NoSuchHeaderException.class,
          NoSuchLanguageException.class,
          NoSuchPropertyException.class,
          NoSuchVariableException.class,
          NoTypeConversionAvailableException.class,
          NullPointerException.class,
          ParameterBindingException.class,
          ReflectiveOperationException.class,
          ResolveEndpointFailedException.class,
          RuntimeExpressionException.class,
          TypeConversionException.class,
          UnsupportedOperationException.class,
          ValidationException.class);

  /** What comes from outside and passes, whatever it is wrapped in. */
  private static final List<Class<? extends Throwable>> PASSING =
      List.of(
          IOException.class,
          InterruptedException.class,
          TimeoutException.class,
          UnresolvedAddressException.class);

  private HopelessFailures() {}

  static boolean include(Throwable failure) {
    HttpOperationFailedException answer =
        ObjectHelper.getException(HttpOperationFailedException.class, failure);
    if (answer != null) {
      return STATUSES.contains(answer.getStatusCode());
    }
    // The root cause decides: an expression that calls a bean wraps the bean's exception.
    Throwable root = root(failure);
    return root instanceof InvalidDefinitionException
        || (isOneOf(KINDS, root) && !isPassing(failure));
  }

  static Throwable root(Throwable failure) {
    // Camel iterates over causes from the root.
    return ObjectHelper.createExceptionIterable(failure).iterator().next();
  }

  private static boolean isPassing(Throwable failure) {
    for (Throwable each : ObjectHelper.createExceptionIterable(failure)) {
      if (isOneOf(PASSING, each)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOneOf(List<Class<? extends Throwable>> kinds, Throwable failure) {
    return kinds.stream().anyMatch(kind -> kind.isInstance(failure));
  }
}
