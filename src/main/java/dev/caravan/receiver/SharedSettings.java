package dev.caravan.receiver;

import dev.caravan.config.Settings;
import dev.caravan.log.LogOptions;
import dev.caravan.log.postgres.database.PostgresPlace;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The settings that must be the same on all nodes of a log, because any of them accepts, stores,
 * runs and deletes for all. What depends on the machine is not among them.
 */
public final class SharedSettings {
  private static final List<String> SIZES = List.of("caravan.max-payload");

  /** Read as they are written. None may be a secret: what is made of them is shown. */
  private static final List<String> TEXTS =
      List.of(
          "caravan.signature.sha1",
          "camel.component.direct.block",
          "camel.component.http.connect-timeout",
          "camel.component.http.response-timeout",
          "camel.component.http.follow-redirects",
          "camel.component.https.connect-timeout",
          "camel.component.https.response-timeout",
          "camel.component.https.follow-redirects");

  private SharedSettings() {}

  /** Each as a text; what means the same reads the same. */
  public static List<String> of(Settings settings) {
    LogOptions log = LogSettings.from(settings);
    PostgresPlace place = Objects.requireNonNull(LogSettings.shared(settings), "a shared log");
    return Stream.of(
            Stream.of(
                "lease=" + place.lease().toMillis(),
                "dedupe=" + log.dedupe(),
                "age=" + log.retention().age().toMillis(),
                "size=" + log.retention().size()),
            SIZES.stream().map(key -> key + "=" + settings.size(key)),
            TEXTS.stream().map(key -> key + "=" + settings.text(key)))
        .flatMap(texts -> texts)
        .map(text -> text + "\n")
        .toList();
  }
}
