package dev.caravan.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.delivery.DeliveryName;
import dev.caravan.log.history.DeliverySummary;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers and times as people read them, for the templates. */
public final class Format {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter LINE =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
  private static final int SHORT_GUID = 8;

  private Format() {}

  /** In UTC, for browsers without scripts; {@code console.js} converts it to local time. */
  public static String time(@Nullable Instant time) {
    return time == null ? "" : CLOCK.format(time) + " UTC";
  }

  /** To the millisecond, for a log line; the day is with its attempt. */
  public static String lineTime(Instant time) {
    return LINE.format(time);
  }

  /** For a {@code datetime} attribute. */
  public static String machineTime(@Nullable Instant time) {
    return time == null ? "" : time.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  /** A size in the largest unit of which there is at least one. */
  public static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double kibibytes = bytes / 1024.0;
    if (kibibytes < 1024) {
      return String.format(Locale.ROOT, "%.1f KiB", kibibytes);
    }
    double mebibytes = kibibytes / 1024;
    return mebibytes < 1024
        ? String.format(Locale.ROOT, "%.1f MiB", mebibytes)
        : String.format(Locale.ROOT, "%.1f GiB", mebibytes / 1024);
  }

  /** How long something took. */
  public static String took(Duration duration) {
    long millis = duration.toMillis();
    return millis < 1000
        ? millis + " ms"
        : millis < 120_000
            ? String.format(Locale.ROOT, "%.1f s", millis / 1000.0)
            : duration.toMinutes() < 120
                ? duration.toMinutes() + " min"
                : duration.toHours() < 48 ? duration.toHours() + " h" : duration.toDays() + " days";
  }

  /** How long ago that was, or in how long it will be. */
  public static String ago(@Nullable Instant time) {
    if (time == null) {
      return "";
    }
    Duration since = Duration.between(time, Instant.now());
    return since.isNegative() ? "in " + took(since.negated()) : took(since) + " ago";
  }

  /** A number with its thousands apart. */
  public static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** The event with its action, as a route names it. */
  public static String event(DeliverySummary delivery) {
    return delivery.action() == null
        ? delivery.event()
        : delivery.event() + "." + delivery.action();
  }

  /** What it is about, as people name it: {@code main}, {@code #12}. */
  public static String thread(@Nullable String thread) {
    return thread == null ? "" : thread.replaceFirst("^refs/(heads|tags)/", "");
  }

  /** Enough of a GUID to distinguish it from its neighbours. */
  public static String shortGuid(String guid) {
    return guid.length() <= SHORT_GUID + 1 || isTest(guid) ? guid : guid.substring(0, SHORT_GUID);
  }

  /** Whether somebody sent it from the console to try a route. No sender can imitate that. */
  public static boolean isTest(String guid) {
    return DeliveryName.isTest(guid);
  }

  /** Encoded for a part of an address. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  /** A constant as it is written in addresses and style classes: {@code dead-letter}. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A constant as a person says it: {@code dead letter}. */
  public static String words(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
