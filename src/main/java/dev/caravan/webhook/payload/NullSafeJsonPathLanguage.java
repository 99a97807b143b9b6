package dev.caravan.webhook.payload;

import com.jayway.jsonpath.InvalidPathException;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.ExpressionEvaluationException;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.jsonpath.JsonPathLanguage;
import org.apache.camel.support.ExpressionAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Camel's language {@code jsonpath}, in which a path through something null or missing gives null
 * instead of failing, unless a route asks for {@code suppressExceptions: false}.
 *
 * <p>An invalid path is refused when a route is built: later it would give null.
 */
final class NullSafeJsonPathLanguage extends JsonPathLanguage {
  /** Where Camel puts the options among the properties. */
  private static final int RESULT_TYPE = 0;

  private static final int SUPPRESS = 2;

  private final boolean looksIntoAll;

  /**
   * @param looksIntoAll whether it is null-safe with every body, not only with payloads
   */
  NullSafeJsonPathLanguage(boolean looksIntoAll) {
    this.looksIntoAll = looksIntoAll;
    setSuppressExceptions(true);
  }

  @Override
  protected ExpressionAdapter doCreateJsonPathExpression(
      Expression source, String path, Object[] properties, boolean predicate) {
    ExpressionAdapter camels =
        super.doCreateJsonPathExpression(source, path, properties, predicate);
    boolean isKnown = !path.contains("${"); // else only when it is evaluated
    if (isKnown) {
      refuseNoPath(path, predicate);
    }
    ExpressionAdapter nullSafe =
        new NullSafe(
            camels,
            isKnown && property(boolean.class, properties, SUPPRESS, isSuppressExceptions()),
            property(Class.class, properties, RESULT_TYPE, null) == null);
    return looksIntoAll
        ? nullSafe
        : new InPayloads(nullSafe, camelsOwn(source, path, properties, predicate));
  }

  /** The expression as Camel's own language makes it. */
  private ExpressionAdapter camelsOwn(
      Expression source, String path, Object[] properties, boolean predicate) {
    Object[] own = Arrays.copyOf(properties, Math.max(properties.length, SUPPRESS + 1));
    own[SUPPRESS] = property(boolean.class, properties, SUPPRESS, false);
    return super.doCreateJsonPathExpression(source, path, own, predicate);
  }

  private void refuseNoPath(String path, boolean predicate) {
    try {
      if (predicate) {
        validatePredicate(path);
      } else {
        validateExpression(path);
      }
    } catch (InvalidPathException e) {
      throw new ExpressionIllegalSyntaxException(path, e);
    }
  }

  /** Null-safe if the body is a payload, and like Camel's in every other exchange. */
  private static final class InPayloads extends ExpressionAdapter {
    private final ExpressionAdapter nullSafe;
    private final ExpressionAdapter camels;

    InPayloads(ExpressionAdapter nullSafe, ExpressionAdapter camels) {
      this.nullSafe = nullSafe;
      this.camels = camels;
    }

    @Override
    public void init(CamelContext context) {
      nullSafe.init(context);
      camels.init(context);
    }

    @Override
    public @Nullable Object evaluate(Exchange exchange) {
      return (exchange.getMessage().getBody() instanceof JsonBody ? nullSafe : camels)
          .evaluate(exchange);
    }

    @Override
    public String toString() {
      return camels.toString();
    }
  }

  /**
   * Gives null where Camel's own suppression still fails, for a filter on a null; and makes a found
   * list JSON, as its items are.
   */
  private static final class NullSafe extends ExpressionAdapter {
    private final ExpressionAdapter camels;
    private final boolean suppresses;
    private final boolean isOfAnyType;

    NullSafe(ExpressionAdapter camels, boolean suppresses, boolean isOfAnyType) {
      this.camels = camels;
      this.suppresses = suppresses;
      this.isOfAnyType = isOfAnyType;
    }

    @Override
    public void init(CamelContext context) {
      camels.init(context);
    }

    @Override
    public @Nullable Object evaluate(Exchange exchange) {
      try {
        Object found = camels.evaluate(exchange);
        return isOfAnyType && found instanceof List<?> list && !(found instanceof JsonBody)
            ? new PayloadArray(list)
            : found;
      } catch (ExpressionEvaluationException e) {
        if (suppresses && e.getCause() instanceof InvalidPathException) {
          return null;
        }
        throw e;
      }
    }

    @Override
    public String toString() {
      return camels.toString();
    }
  }
}
