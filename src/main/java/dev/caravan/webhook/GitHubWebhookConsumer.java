package dev.caravan.webhook;

import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.logging.LinesAbout;
import dev.caravan.tracing.Traces;
import dev.caravan.tracing.Tracing;
import dev.caravan.webhook.filter.PayloadFilter;
import dev.caravan.webhook.outcome.AttemptOutcome;
import dev.caravan.webhook.outcome.AttemptsInWork;
import dev.caravan.webhook.outcome.NoRetry;
import dev.caravan.webhook.outcome.ReportFailures;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.StartupListener;
import org.apache.camel.Suspendable;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one route on one subscription of the delivery log: each attempt becomes an exchange.
 *
 * <p>Suspending closes the subscription and resuming opens it again, rather than pausing it: a
 * pause is a person's and outlives a restart. A stop first lets work in progress finish, including
 * what waits in a queue behind this route.
 */
public final class GitHubWebhookConsumer extends DefaultConsumer
    implements Suspendable, ShutdownAware, StartupListener {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.webhook");

  private final DefaultEndpoint endpoint;
  private final ReceivingComponent component;
  private final GitHubWebhookConfiguration configuration;
  private final DeliveryMessage deliveryMessage;
  private final NoRetry noRetry;
  private final PayloadFilter payloadFilter;

  private final AttemptsInWork inWork = new AttemptsInWork(this);
  private volatile @Nullable String name;
  private @Nullable ExecutorService executor;
  private @Nullable ScheduledExecutorService timer;
  private volatile @Nullable Coalescing coalescing;
  private @Nullable Subscription subscription;

  GitHubWebhookConsumer(
      DefaultEndpoint endpoint,
      ReceivingComponent component,
      GitHubWebhookConfiguration configuration,
      Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
    this.component = component;
    this.configuration = configuration;
    this.noRetry = configuration.noRetry();
    this.payloadFilter = configuration.payloadFilter();
    this.deliveryMessage =
        new DeliveryMessage(configuration.payloadForm(), component.cloudEvents());
  }

  /** The name of its subscription, from its start to its stop; else null. */
  public @Nullable String subscription() {
    return name;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    component.log();
    String found =
        SubscriptionName.of(getRoute(), configuration.getSubscription(), endpoint.getEndpointUri());
    component.claim(found, getRouteId());
    name = found;
    configuration.doubts().forEach(doubt -> LOG.warn("{}: {}", endpoint.getEndpointUri(), doubt));
    executor = RouteThreads.of(this, configuration.getConcurrency());
    if (configuration.getCoalesce() != null) {
      timer =
          endpoint
              .getCamelContext()
              .getExecutorServiceManager()
              .newSingleThreadScheduledExecutor(this, getRouteId() + "-coalesce");
      coalescing = configuration.coalescing(timer, executor);
    }
    // Subscribes now, or once every route is up: the steps of this one may need the others.
    endpoint.getCamelContext().addStartupListener(this);
    component.isRead();
  }

  /** Begins to receive deliveries. */
  @Override
  public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) throws Exception {
    subscribe();
  }

  @Override
  protected void doSuspend() throws Exception {
    unsubscribe();
    super.doSuspend();
  }

  @Override
  protected void doResume() throws Exception {
    super.doResume();
    subscribe();
  }

  @Override
  protected void doStop() throws Exception {
    unsubscribe();
    if (timer != null) {
      endpoint.getCamelContext().getExecutorServiceManager().shutdownNow(timer);
      timer = null;
    }
    if (executor != null) {
      endpoint.getCamelContext().getExecutorServiceManager().shutdownGraceful(executor);
      executor = null;
    }
    if (!inWork.isProgramEnding()) {
      inWork.cutOff(); // the route that replaces this one waits for them
    }
    if (name != null) {
      component.release(name, getRouteId());
      name = null;
    }
    super.doStop();
  }

  /** It stops first: nothing new may begin while the rest is finished. */
  @Override
  public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
    return false;
  }

  @Override
  public int getPendingExchangesSize() {
    return inWork.size();
  }

  @Override
  public void prepareShutdown(boolean suspendOnly, boolean forced) {
    // a suspended consumer takes no deliveries
  }

  private synchronized void subscribe() throws Exception {
    // It may have been stopped or suspended again before the context started.
    if (subscription != null || name == null || executor == null || !isRunAllowed()) {
      return;
    }
    SubscriptionSettings settings = configuration.settings(name, executor);
    subscription = component.log().subscribe(settings, this::handle);
  }

  private synchronized void unsubscribe() {
    if (subscription != null) {
      subscription.close();
      subscription = null;
    }
    Coalescing waiting = coalescing;
    if (waiting != null) {
      waiting.stop();
    }
  }

  /** Called on the subscription's executor; returns when the route is done or goes on elsewhere. */
  private void handle(Attempt attempt) {
    try {
      Coalescing newestOnly = coalescing;
      if (!payloadFilter.wants(attempt.delivery())) {
        attempt.notWanted();
      } else if (newestOnly == null) {
        run(attempt);
      } else {
        newestOnly.take(attempt, this::runLater);
      }
    } catch (RuntimeException e) { // no step of the route has run
      if (!noRetry.appliesTo(e)) {
        throw e;
      }
      attempt.failedForGood(e);
    }
  }

  /** Runs an attempt after its handler has returned: nobody else catches its exceptions. */
  private void runLater(Attempt attempt) {
    try {
      run(attempt);
    } catch (RuntimeException | Error e) {
      if (noRetry.appliesTo(e)) {
        attempt.failedForGood(e);
      } else {
        attempt.failed(e);
      }
    }
  }

  private void run(Attempt attempt) {
    Exchange exchange = createExchange(false);
    LinesAbout lines = DeliveryOnLogLines.note(attempt, String.valueOf(name), exchange);
    lines.during(() -> run(attempt, exchange, lines));
  }

  private void run(Attempt attempt, Exchange exchange, LinesAbout lines) {
    try {
      deliveryMessage.write(attempt, exchange.getIn());
    } catch (RuntimeException e) {
      releaseExchange(exchange, false);
      throw e; // which fails the attempt
    }
    Traces traces = Tracing.of(endpoint.getCamelContext());
    Traces.Span span =
        traces == null
            ? null
            : traces.attempt(attempt, String.valueOf(name), exchange.getIn()::setHeader);
    if (span == null) {
      run(attempt, exchange, lines, null);
    } else {
      exchange.getExchangeExtension().addOnCompletion(new EndOfSpan(span));
      LinesAbout traced = DeliveryOnLogLines.note(lines, span, exchange);
      traced.during(() -> run(attempt, exchange, traced, span));
    }
  }

  private void run(
      Attempt attempt, Exchange exchange, LinesAbout lines, Traces.@Nullable Span span) {
    AttemptOutcome outcome = new AttemptOutcome(attempt, lines, noRetry, inWork);
    inWork.add(outcome);
    ReportFailures.note(outcome.failuresBeside(), exchange);
    // The callback below is not enough: it comes before a seda step has done its work.
    exchange.getExchangeExtension().addOnCompletion(outcome);
    try {
      getAsyncProcessor()
          .process(
              exchange,
              doneSync -> {
                outcome.routeEnded(exchange);
                releaseExchange(exchange, false);
              });
    } catch (RuntimeException | Error e) { // memory may run out
      inWork.isOver(outcome);
      if (span != null) {
        span.end(e); // the exchange may never be completed
      }
      throw e; // which fails the attempt
    }
  }
}
