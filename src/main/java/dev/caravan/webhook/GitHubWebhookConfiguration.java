package dev.caravan.webhook;

import dev.caravan.delivery.KnownEvents;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.subscription.OrderBy;
import dev.caravan.log.subscription.Pace;
import dev.caravan.log.subscription.Rate;
import dev.caravan.log.subscription.RetryPolicy;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.webhook.filter.PayloadFilter;
import dev.caravan.webhook.outcome.NoRetry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.spi.UriPath;
import org.jspecify.annotations.Nullable;

/** What a {@code github-webhook:} URI says. Not changed once its endpoint is made. */
// Asterisks are spelt out: the generator of the catalog drops them from descriptions.
@UriParams
public final class GitHubWebhookConfiguration {
  private static final int MOST_CONCURRENT = 1000;
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofDays(1);
  private static final Duration LONGEST_COALESCE = Duration.ofHours(1);

  @UriPath(
      description =
          "Which events to receive: an asterisk for all, or names separated by commas, each an"
              + " event, or an event and an action, such as push,pull_request.opened.")
  @Metadata(required = true)
  private String events = "";

  @UriParam(
      description =
          "Name of the subscription, which is the key to its place in the delivery log: a route that keeps the name continues where it stopped. The default is the route's id.")
  private @Nullable String subscription;

  @UriParam(
      defaultValue = "8",
      description =
          "The most deliveries that run at once, from 1 to 1000. Eight are enough for 40 deliveries a second to a destination that answers in a fifth of a second, and keep few large payloads in memory. How many really run at once also depends on orderBy.")
  private int concurrency = 8;

  @UriParam(
      enums = "repository,subject,none",
      defaultValue = "repository",
      description =
          "What keeps its order and runs one at a time: repository (all deliveries of a"
              + " repository), subject (those of an issue, pull request or ref of it), or none.")
  private String orderBy = "repository";

  @UriParam(
      description =
          "Whether a failing delivery holds up those behind it in its order until it succeeds or"
              + " is given up. Otherwise it steps aside while it waits for its retry.")
  private boolean strict;

  @UriParam(
      defaultValue = "now",
      description =
          "Where a subscription that the log has never seen begins: now, beginning (the oldest delivery kept), or a time such as 2026-01-31T08:00:00Z. A known subscription continues where it stopped.")
  private String startFrom = "now";

  @UriParam(
      defaultValue = "20",
      description =
          "Tries in all before a delivery becomes a dead letter. With the default delays, 20 take"
              + " about ten hours.")
  private int maxAttempts = RetryPolicy.DEFAULT.maxAttempts();

  @UriParam(
      defaultValue = "5s",
      description =
          "Pause after the first failure, such as 500ms, 5s or 1h. Doubles with each further one,"
              + " give or take a fifth.")
  private Duration retryDelay = RetryPolicy.DEFAULT.delay();

  @UriParam(defaultValue = "1h", description = "Longest pause between two tries.")
  private Duration retryMaxDelay = RetryPolicy.DEFAULT.maxDelay();

  @UriParam(
      description =
          "Receive only deliveries of these repositories: owner/name, or owner for all of an"
              + " owner's, separated by commas. An asterisk stands for any characters but a slash;"
              + " an exclamation mark before one excludes. By default deliveries of every"
              + " repository, and those of none.")
  private @Nullable String repository;

  @UriParam(
      description =
          "Receive only deliveries about these branches: names separated by commas, such as main. An"
              + " asterisk stands for any characters but a slash, two for any; an exclamation mark"
              + " before one excludes. It is the branch pushed to, created or deleted, the base of a"
              + " pull request, or the branch that a check, workflow, deployment or commit status is"
              + " about. Deliveries about a tag or no branch are left out, unless the list only excludes.")
  private @Nullable String branch;

  @UriParam(
      description =
          "Receive only pushes that added, modified or removed one of these files: paths from the"
              + " top of the repository, separated by commas. Asterisks and exclamation marks as in"
              + " branch; a slash at the end means everything in a directory. A push whose files the payload does not list is received too: one of 2048 commits or of 3000 files in a commit, where GitHub's list ends, or one without commits of its own.")
  private @Nullable String paths;

  @UriParam(
      enums = "map,raw",
      defaultValue = "map",
      description =
          "The message's body: map for the payload as a Map, raw for the exact bytes GitHub sent,"
              + " with the signature and content type headers that belong to them.")
  private String payload = "map";

  @UriParam(
      description =
          "Failures after which a delivery is not tried again but becomes a dead letter at once:"
              + " HTTP statuses of a destination and names of exceptions, such as"
              + " 404,5xx,IllegalStateException. They add to the failures that would only repeat: a failed expression, conversion or validation, a null, a missing bean, an illegal argument,"
              + " and answers such as 400, 410, 415 or 422. With an exclamation mark before one it is tried again, such as !415.")
  private String noRetryOn = "";

  @UriParam(
      description =
          "Runs only the newest delivery of those that keep an order among themselves (orderBy):"
              + " waits this long after the first of a burst, such as 10s, and then runs the newest one so far; the older ones are completed without a run. Off by default.")
  private @Nullable Duration coalesce;

  @UriParam(
      description =
          "The most attempts that may begin in a period, such as 10/s, 100/m or 5000/h. Others wait in order. Retries and replays count too. By default there is no limit.")
  private @Nullable String maximumRate;

  @UriParam(
      defaultValue = "0",
      description =
          "Failures in a row after which nothing runs for circuitBreakerPause, and then one delivery at a time until one succeeds. The others wait in order, and none of them becomes a dead letter because of it. 0 for never.")
  private int circuitBreaker;

  @UriParam(
      defaultValue = "30s",
      description = "How long nothing runs while the circuit is open, such as 30s or 5m.")
  private Duration circuitBreakerPause = Duration.ofSeconds(30);

  @UriParam(
      description =
          "A name for the destination of the route. All routes that give the same name share maximumRate and circuitBreaker, and should set them alike.")
  private @Nullable String destination;

  /**
   * Refuses what cannot work, with a sentence that names the option and its value.
   *
   * @throws IllegalArgumentException for the first such option
   */
  void validate() {
    if (concurrency < 1 || concurrency > MOST_CONCURRENT) {
      throw new IllegalArgumentException(
          "concurrency must be from 1 to " + MOST_CONCURRENT + ", was " + concurrency + ".");
    }
    payloadForm();
    noRetry();
    payloadFilter();
    validatePace();
    settings("any", Runnable::run);
    validateCoalesce();
  }

  private void validateCoalesce() {
    if (coalesce == null) {
      return;
    }
    if (coalesce.isNegative() || coalesce.compareTo(LONGEST_COALESCE) > 0) {
      throw new IllegalArgumentException("coalesce must be from 0s to 1h, was " + coalesce + ".");
    }
    if (orderBy().equals(OrderBy.NONE)) {
      throw new IllegalArgumentException(
          "coalesce needs an order to find the newest in. Write orderBy: repository or subject.");
    }
    if (paths != null) {
      throw new IllegalArgumentException(
          "coalesce is not taken together with paths: a push that changes none of the files would take the place of one that does.");
    }
    if (branch != null && orderBy() != OrderBy.SUBJECT) {
      throw new IllegalArgumentException(
          "coalesce together with branch needs orderBy: subject, or a push to another branch would take the place of one to this.");
    }
    if (branch != null && !filter().events().equals(List.of("push"))) {
      throw new IllegalArgumentException(
          "coalesce together with branch is for push alone: of other events one of another branch can be the newest of a lane, and would take the place of one of this.");
    }
  }

  private void validatePace() {
    if (circuitBreaker < 0) {
      throw new IllegalArgumentException(
          "circuitBreaker must be at least 0, was " + circuitBreaker + ".");
    }
    if (circuitBreakerPause.compareTo(SHORTEST_PAUSE) < 0
        || circuitBreakerPause.compareTo(LONGEST_PAUSE) > 0) {
      throw new IllegalArgumentException(
          "circuitBreakerPause must be from 100ms to 1d, was " + circuitBreakerPause + ".");
    }
    pace();
    if (destination != null && rate() == null && circuitBreaker == 0) {
      throw new IllegalArgumentException(
          "destination says who shares maximumRate or circuitBreaker. Write one of them, too.");
    }
  }

  private Pace pace() {
    return new Pace(rate(), circuitBreaker, circuitBreakerPause, destination);
  }

  private @Nullable Rate rate() {
    if (maximumRate == null || maximumRate.isBlank()) {
      return null;
    }
    try {
      return Rate.parse(maximumRate);
    } catch (IllegalArgumentException e) {
      // Without its cause, which would be told instead of it.
      throw new IllegalArgumentException("maximumRate: " + e.getMessage());
    }
  }

  private OrderBy orderBy() {
    return oneOf(OrderBy.class, "orderBy", orderBy, "repository, subject or none");
  }

  /** Lets only the newest of a burst through; null when every delivery is run. */
  @Nullable Coalescing coalescing(ScheduledExecutorService timer, Executor executor) {
    return coalesce == null ? null : new Coalescing(coalesce, orderBy(), timer, executor);
  }

  /** The subscription of one route. */
  SubscriptionSettings settings(String name, Executor executor) {
    return new SubscriptionSettings(
        name,
        filter(),
        concurrency,
        orderBy(),
        strict,
        coalesce != null,
        StartFrom.parse(startFrom),
        new RetryPolicy(maxAttempts, retryDelay, retryMaxDelay),
        pace(),
        executor);
  }

  EventFilter filter() {
    return EventFilter.parse(events, repository);
  }

  /** A sentence for each event that is probably misspelt. */
  List<String> doubts() {
    return KnownEvents.doubtsAbout(filter().events());
  }

  PayloadFilter payloadFilter() {
    return PayloadFilter.parse(branch, paths, filter());
  }

  NoRetry noRetry() {
    return NoRetry.parse(noRetryOn);
  }

  PayloadForm payloadForm() {
    return oneOf(PayloadForm.class, "payload", payload, "map or raw");
  }

  private static <E extends Enum<E>> E oneOf(
      Class<E> type, String option, String value, String choice) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(value)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("%s is '%s'. Write %s.".formatted(option, value, choice));
  }

  public String getEvents() {
    return events;
  }

  public void setEvents(String events) {
    this.events = events;
  }

  public @Nullable String getSubscription() {
    return subscription;
  }

  public void setSubscription(@Nullable String subscription) {
    this.subscription = subscription;
  }

  public int getConcurrency() {
    return concurrency;
  }

  public void setConcurrency(int concurrency) {
    this.concurrency = concurrency;
  }

  public String getOrderBy() {
    return orderBy;
  }

  public void setOrderBy(String orderBy) {
    this.orderBy = orderBy;
  }

  public boolean isStrict() {
    return strict;
  }

  public void setStrict(boolean strict) {
    this.strict = strict;
  }

  public String getStartFrom() {
    return startFrom;
  }

  public void setStartFrom(String startFrom) {
    this.startFrom = startFrom;
  }

  public int getMaxAttempts() {
    return maxAttempts;
  }

  public void setMaxAttempts(int maxAttempts) {
    this.maxAttempts = maxAttempts;
  }

  public Duration getRetryDelay() {
    return retryDelay;
  }

  public void setRetryDelay(Duration retryDelay) {
    this.retryDelay = retryDelay;
  }

  public Duration getRetryMaxDelay() {
    return retryMaxDelay;
  }

  public void setRetryMaxDelay(Duration retryMaxDelay) {
    this.retryMaxDelay = retryMaxDelay;
  }

  public @Nullable String getRepository() {
    return repository;
  }

  public void setRepository(@Nullable String repository) {
    this.repository = repository;
  }

  public @Nullable String getBranch() {
    return branch;
  }

  public void setBranch(@Nullable String branch) {
    this.branch = branch;
  }

  public @Nullable String getPaths() {
    return paths;
  }

  public void setPaths(@Nullable String paths) {
    this.paths = paths;
  }

  public String getPayload() {
    return payload;
  }

  public void setPayload(String payload) {
    this.payload = payload;
  }

  public @Nullable String getMaximumRate() {
    return maximumRate;
  }

  public void setMaximumRate(@Nullable String maximumRate) {
    this.maximumRate = maximumRate;
  }

  public @Nullable String getDestination() {
    return destination;
  }

  public void setDestination(@Nullable String destination) {
    this.destination = destination;
  }

  public int getCircuitBreaker() {
    return circuitBreaker;
  }

  public void setCircuitBreaker(int circuitBreaker) {
    this.circuitBreaker = circuitBreaker;
  }

  public Duration getCircuitBreakerPause() {
    return circuitBreakerPause;
  }

  public void setCircuitBreakerPause(Duration circuitBreakerPause) {
    this.circuitBreakerPause = circuitBreakerPause;
  }

  public String getNoRetryOn() {
    return noRetryOn;
  }

  public void setNoRetryOn(String noRetryOn) {
    this.noRetryOn = noRetryOn;
  }

  public @Nullable Duration getCoalesce() {
    return coalesce;
  }

  public void setCoalesce(@Nullable Duration coalesce) {
    this.coalesce = coalesce;
  }
}
