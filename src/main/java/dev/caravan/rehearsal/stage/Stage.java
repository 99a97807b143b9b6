package dev.caravan.rehearsal.stage;

import dev.caravan.notices.CaravanEventsComponent;
import dev.caravan.notices.Notices;
import dev.caravan.routes.across.AcrossFiles;
import dev.caravan.webhook.DeliveryOnLogLines;
import dev.caravan.webhook.GitHubWebhookComponent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.component.seda.SedaComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.ShutdownStrategy;
import org.jspecify.annotations.Nullable;

/**
 * What stands in for the world around the routes of one rehearsal: a log that hands out what it is
 * told to, and for each endpoint that leads out of the program one that records what it is sent.
 *
 * <p>One delivery is on stage at a time.
 */
public final class Stage implements AutoCloseable {
  private static final long LONGEST_STOP_MILLIS = 1_000;

  private final GitHubWebhookComponent webhook = new GitHubWebhookComponent();
  private final AcrossFiles acrossFiles = new AcrossFiles();
  private final RehearsalLog log = new RehearsalLog();
  private final CountedTasks tasks = new CountedTasks();
  private final List<CamelContext> contexts = new CopyOnWriteArrayList<>();
  private final Onlooker onlooker;

  /**
   * @param longestBody how many bytes of each body are kept
   */
  public Stage(int longestBody) {
    this.onlooker = new Onlooker(longestBody);
    webhook.setDeliveryLog(log);
  }

  /** A context that starts no endpoint which leads out of the program. */
  public DefaultCamelContext newContext() {
    DefaultCamelContext context = new StagedContext(onlooker);
    context.addModelLifecycleStrategy(new StagedModel());
    return context;
  }

  /** Puts a context of {@link #newContext} on the stage, before anything is configured in it. */
  public void furnish(CamelContext context) {
    contexts.add(context);
    context.addComponent("github-webhook", webhook.forAnotherContext());
    context.addComponent("caravan-events", new CaravanEventsComponent(new Notices()));
    acrossFiles.connect(context);
    context.getExecutorServiceManager().setThreadPoolFactory(tasks);
    context.getCamelContextExtension().addInterceptStrategy(new DeliveryOnLogLines());
    context.getCamelContextExtension().addInterceptStrategy(new StagedSteps(onlooker));
  }

  /** The log that its routes read. */
  public RehearsalLog log() {
    return log;
  }

  /** What is sent from now on is recorded there; null for nowhere. */
  public void watch(@Nullable Observed observed) {
    onlooker.watch(observed);
  }

  /** Whether nothing is happening any more. */
  public boolean isQuiet() {
    return tasks.underWay() == 0 && contexts.stream().allMatch(Stage::isQuiet);
  }

  private static boolean isQuiet(CamelContext context) {
    return context.getInflightRepository().size() == 0
        && (!(context.hasComponent("seda") instanceof SedaComponent seda)
            || seda.getQueues().values().stream().allMatch(queue -> queue.getQueue().isEmpty()));
  }

  @Override
  public void close() {
    for (CamelContext context : contexts) {
      // Whatever has not ended by now has had its time.
      context.getExecutorServiceManager().setShutdownAwaitTermination(LONGEST_STOP_MILLIS);
      ShutdownStrategy strategy = context.getShutdownStrategy();
      strategy.setTimeUnit(TimeUnit.MILLISECONDS);
      strategy.setTimeout(LONGEST_STOP_MILLIS);
      strategy.setShutdownNowOnTimeout(true);
      strategy.setLogInflightExchangesOnTimeout(false);
      context.stop();
    }
  }
}
