package dev.caravan.ingress.route;

import dev.caravan.config.OutOfMemory;
import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.GitHubHeaders;
import dev.caravan.hooks.HookActivity;
import dev.caravan.ingress.request.OverdueAppends;
import dev.caravan.log.DeliveryLog;
import dev.caravan.log.Receipt;
import dev.caravan.tracing.Traces;
import dev.caravan.tracing.Tracing;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.jspecify.annotations.Nullable;

/** Appends the delivery to the log; the route continues when it is on disk, and no thread waits. */
public final class AppendToLog extends AsyncProcessorSupport {

  private final DeliveryLog log;
  private final HookActivity hooks;
  private final OverdueAppends overdue;

  public AppendToLog(DeliveryLog log, HookActivity hooks, OverdueAppends overdue) {
    this.log = log;
    this.hooks = hooks;
    this.overdue = overdue;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    Traces traces = Tracing.current();
    Traces.Taken taken = null;
    CompletableFuture<Receipt> appended;
    Executor loop;
    try {
      loop = HookMessage.requestOf(exchange).loop();
      Delivery delivery = exchange.getMessage().getBody(Delivery.class);
      taken = traces == null ? null : traces.take(delivery);
      appended = log.append(taken == null ? delivery : taken.delivery());
    } catch (RuntimeException | Error e) {
      OutOfMemory.endsProgram(e);
      end(taken, e);
      exchange.setException(e); // Camel catches exceptions of synchronous steps only
      callback.done(true);
      return true;
    }
    overdue.began();
    Traces.Taken traced = taken;
    // On the committer's thread: does little but hand over to the request's event loop.
    var unused =
        appended.whenComplete(
            (receipt, failure) -> {
              overdue.ended();
              end(traced, failure);
              loop.execute(() -> goOn(exchange, callback, receipt, failure));
            });
    return false;
  }

  private static void end(Traces.@Nullable Taken taken, @Nullable Throwable failure) {
    if (taken != null) {
      taken.span().end(failure);
    }
  }

  private void goOn(
      Exchange exchange,
      AsyncCallback callback,
      @Nullable Receipt receipt,
      @Nullable Throwable failure) {
    if (failure == null) {
      note(exchange.getMessage().getBody(Delivery.class));
      exchange.getMessage().setBody(receipt);
    } else {
      Throwable cause = failure.getCause();
      exchange.setException(
          failure instanceof CompletionException && cause != null ? cause : failure);
    }
    callback.done(false);
  }

  private void note(Delivery delivery) {
    hooks.accepted(
        delivery.headers().get(GitHubHeaders.HOOK_ID),
        delivery.subject().repository(),
        delivery.receivedAt());
  }
}
