package dev.caravan.log.shipping;

import dev.caravan.storage.Storage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One program ships to a place at a time: a text there says which, and when it was last seen. One
 * that has not been seen for long is gone.
 */
final class Ownership {
  static final String NAME = "owner";
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);
  private static final Duration GONE_AFTER = Duration.ofMinutes(10);

  private final Storage storage;
  private final String log;
  private final InstantSource clock;
  private final String run = UUID.randomUUID().toString();
  private @Nullable Instant seen;

  /**
   * Whether another program has taken it from us. It may ship the same log, where a data directory
   * was copied while its program went on; the two would take turns.
   */
  private boolean isDisplaced;

  /**
   * @param log what tells this log from others
   */
  Ownership(Storage storage, String log, InstantSource clock) {
    this.storage = storage;
    this.log = log;
    this.clock = clock;
  }

  /**
   * Looks whether the place is still ours, now and then; takes it when it is nobody's.
   *
   * @throws PlaceTakenException with a sentence for the user when it is another program's
   */
  void check() throws IOException {
    Instant now = clock.instant();
    if (seen != null && Duration.between(seen, now).abs().compareTo(BETWEEN_LOOKS) < 0) {
      return;
    }
    Map<String, String> owner = read(storage.text(NAME));
    boolean isOurs = log.equals(owner.get("log"));
    isDisplaced |= seen != null && !(isOurs && run.equals(owner.get("run")));
    Instant last = time(owner.get("seen"));
    if (!owner.isEmpty() && (isDisplaced || !isOurs)) {
      if (last == null || Duration.between(last, now).compareTo(GONE_AFTER) < 0) {
        throw taken(owner);
      }
      LOG.warn(
          "{} was the place of another Caravan, on {}, last seen at {}. It is taken over.",
          storage,
          owner.get("host"),
          last);
    }
    storage.putText(
        NAME, "log=%s\nrun=%s\nhost=%s\nseen=%s\n".formatted(log, run, hostName(), now));
    seen = now;
    isDisplaced = false;
  }

  private PlaceTakenException taken(Map<String, String> owner) {
    seen = null; // so that each time it is looked who has it
    return new PlaceTakenException(
        "another Caravan (on %s, last seen at %s) ships its log there. Give each a place of its own; when that one is gone for good, delete %s/%s, or wait ten minutes"
            .formatted(owner.get("host"), owner.get("seen"), storage, NAME));
  }

  private static Map<String, String> read(@Nullable String text) {
    Map<String, String> owner = new LinkedHashMap<>();
    if (text != null) {
      text.lines()
          .filter(line -> line.contains("="))
          .forEach(
              line ->
                  owner.put(
                      line.substring(0, line.indexOf('=')),
                      line.substring(line.indexOf('=') + 1).strip()));
    }
    return owner;
  }

  private static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "an unknown host";
    }
  }
}
