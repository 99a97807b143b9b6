package dev.caravan.log.history;

import dev.caravan.delivery.DeliveryName;
import dev.caravan.log.subscription.EventFilter;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Selects deliveries to look up or to replay: those to which every part of it applies.
 *
 * <p>Immutable. Start from {@link #ALL} and narrow it down.
 *
 * @param filter by event, action and repository
 * @param from received at this time or later; null for no bound
 * @param to received before this time; null for no bound
 * @param outcome what became of it
 * @param subscription whose outcome that is; null for any subscription's. With {@link Outcome#ANY},
 *     only deliveries that this subscription wants or has run
 * @param sender the login of whoever caused it, without regard to case; null for anybody
 * @param topic what it is about or mentions in a repository; null for anything
 * @param deadLetter when and why it was given up, by {@code subscription} if there is one; null for
 *     any outcome
 * @param text contained in its GUID, sender, repository or payload, without regard to the case of
 *     ASCII letters; null for any. In the payload it must be written the same way, JSON's escapes
 *     included. Reads every payload that the rest of the query leaves over
 * @param name its GUID, and the hook that sent it if the name has one; null for any
 * @param position where it is, or several with commas between, repeats that differ from the first
 *     of their GUID included; null for any
 * @param before a position, or a page's {@link DeliveryPage#next()}: only what is older; null for
 *     no bound
 * @param after a position, or a page's {@link DeliveryPage#end()}: only what is newer; null for no
 *     bound
 */
public record DeliveryQuery(
    EventFilter filter,
    @Nullable Instant from,
    @Nullable Instant to,
    Outcome outcome,
    @Nullable String subscription,
    @Nullable String sender,
    @Nullable Topic topic,
    @Nullable DeadLetterFilter deadLetter,
    @Nullable String text,
    @Nullable DeliveryName name,
    @Nullable String position,
    @Nullable String before,
    @Nullable String after) {

  /** Every delivery. */
  public static final DeliveryQuery ALL =
      new DeliveryQuery(
          EventFilter.parse("*", null),
          null,
          null,
          Outcome.ANY,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null);

  /** What became of a delivery. */
  public enum Outcome {
    ANY,
    /** It has yet to run, or to run again: after a failure, as a replay or as a redelivery. */
    WAITING,
    /** It succeeded, and has no attempt to come. */
    COMPLETED,
    /** At least one attempt failed, whatever happened later. */
    FAILED,
    /** It was given up. */
    DEAD_LETTER
  }

  /** Only of these events and repositories. */
  public DeliveryQuery of(EventFilter value) {
    return with(query -> query.filter = value);
  }

  /** Only received at the start or later, and before the end. */
  public DeliveryQuery received(@Nullable Instant start, @Nullable Instant end) {
    return with(
        query -> {
          query.from = start;
          query.to = end;
        });
  }

  /** Only with this outcome, in that subscription or in any. */
  public DeliveryQuery outcome(Outcome value, @Nullable String of) {
    return with(
        query -> {
          query.outcome = value;
          query.subscription = of;
        });
  }

  /** Only caused by that login. */
  public DeliveryQuery sentBy(@Nullable String value) {
    return with(query -> query.sender = value);
  }

  /** Only about this, or mentioning it. */
  public DeliveryQuery about(@Nullable Topic value) {
    return with(query -> query.topic = value);
  }

  /** Only given up at that time, with that error. */
  public DeliveryQuery deadLettered(@Nullable DeadLetterFilter value) {
    return with(query -> query.deadLetter = value);
  }

  /** Only with this text in it. */
  public DeliveryQuery containing(@Nullable String value) {
    return with(query -> query.text = value);
  }

  /** Only of this GUID. */
  public DeliveryQuery withGuid(@Nullable String value) {
    return named(value == null ? null : new DeliveryName(value, null));
  }

  /** Only those that this name means. */
  public DeliveryQuery named(@Nullable DeliveryName value) {
    return with(query -> query.name = value);
  }

  /** Only the one at that position, or those at several with commas between. */
  public DeliveryQuery at(@Nullable String value) {
    return with(query -> query.position = value);
  }

  /** Only what is older than that position. */
  public DeliveryQuery before(@Nullable String value) {
    return with(query -> query.before = value);
  }

  /** Only what is newer than that position. */
  public DeliveryQuery after(@Nullable String value) {
    return with(query -> query.after = value);
  }

  private DeliveryQuery with(Consumer<Changed> change) {
    Changed changed = new Changed(this);
    change.accept(changed);
    return changed.query();
  }

  /** A query while something in it is changed; lists the fields once for all the methods above. */
  private static final class Changed {
    private EventFilter filter;
    private @Nullable Instant from;
    private @Nullable Instant to;
    private Outcome outcome;
    private @Nullable String subscription;
    private @Nullable String sender;
    private @Nullable Topic topic;
    private @Nullable DeadLetterFilter deadLetter;
    private @Nullable String text;
    private @Nullable DeliveryName name;
    private @Nullable String position;
    private @Nullable String before;
    private @Nullable String after;

    Changed(DeliveryQuery query) {
      filter = query.filter;
      from = query.from;
      to = query.to;
      outcome = query.outcome;
      subscription = query.subscription;
      sender = query.sender;
      topic = query.topic;
      deadLetter = query.deadLetter;
      text = query.text;
      name = query.name;
      position = query.position;
      before = query.before;
      after = query.after;
    }

    DeliveryQuery query() {
      return new DeliveryQuery(
          filter,
          from,
          to,
          outcome,
          subscription,
          sender,
          topic,
          deadLetter,
          text,
          name,
          position,
          before,
          after);
    }
  }
}
