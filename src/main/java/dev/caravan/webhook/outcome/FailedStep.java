package dev.caravan.webhook.outcome;

import java.nio.file.Path;
import java.util.Set;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/** Notes on an exchange which step of its route failed: its exception does not tell. */
public final class FailedStep implements InterceptStrategy {
  private static final String PROPERTY = "CamelGitHubWebhookFailedStep";

  /** Steps whose expression is where they send to. */
  private static final Set<String> SENDING =
      Set.of("recipientList", "routingSlip", "dynamicRouter", "enrich", "pollEnrich");

  private record Noted(Throwable error, String step) {}

  /** The innermost step that failed with this error, such as {@code setBody (a.camel.yaml:7)}. */
  static @Nullable String of(Exchange exchange, Throwable error) {
    Noted noted = exchange.getProperty(PROPERTY, Noted.class);
    return noted != null && noted.error() == error ? noted.step() : null;
  }

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode step, Processor target, @Nullable Processor nextTarget) {
    return new Step(AsyncProcessorConverterHelper.convert(target), describe(step));
  }

  /** A step's kind, expression and place; not where it sends to, which may contain a secret. */
  public static String describe(NamedNode step) {
    String expression =
        step instanceof ExpressionNode node
                && node.getExpression() != null
                && node.getExpression().getExpression() != null // a method has none
                && !SENDING.contains(step.getShortName())
            ? " " + node.getExpression().getExpression()
            : "";
    String location = step.getLocation();
    return step.getShortName()
        + expression
        + (location == null || step.getLineNumber() < 0
            ? ""
            : " (%s:%d)".formatted(fileName(location), step.getLineNumber()));
  }

  private static String fileName(String location) {
    return String.valueOf(Path.of(location.substring(location.indexOf(':') + 1)).getFileName());
  }

  private static final class Step extends DelegateAsyncProcessor {
    private final String description;

    Step(AsyncProcessor step, String description) {
      super(step);
      this.description = description;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      return super.process(
          exchange,
          doneSync -> {
            note(exchange);
            callback.done(doneSync);
          });
    }

    private void note(Exchange exchange) {
      Throwable error = exchange.getException();
      if (error != null && of(exchange, error) == null) {
        exchange.setProperty(PROPERTY, new Noted(error, description));
      }
    }
  }
}
