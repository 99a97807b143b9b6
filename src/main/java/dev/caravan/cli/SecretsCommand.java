package dev.caravan.cli;

import dev.caravan.wording.Count;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Shows the secrets of the running server, and which of them are no longer used. */
@Command(
    name = "secrets",
    description = "Lists the secrets of the running server, without their values.")
final class SecretsCommand extends ServerQuestion {
  private static final List<String> HEADINGS =
      List.of("LABEL", "SCOPE", "STATE", "VERIFIED", "LAST USED", "FROM");
  private static final Duration LONG = Duration.ofDays(1);

  @Override
  JsonObject ask(ServerAccess server) {
    return server.secrets();
  }

  @Override
  void print(JsonObject answer, PrintWriter out) {
    JsonArray secrets = answer.getJsonArray("secrets");
    Terminal.table(HEADINGS, secrets, SecretsCommand::row).forEach(out::println);
    unused(secrets, Instant.now()).forEach(out::println);
  }

  private static List<String> row(JsonObject secret) {
    String problem = secret.getString("problem");
    String last = secret.getString("lastUsed");
    return List.of(
        Terminal.plain(secret.getString("label")),
        Terminal.plain(secret.getString("scope")),
        secret.getBoolean("retired") ? "retired" : problem == null ? "in force" : "kept",
        secret.getLong("verified").toString(),
        last == null ? "never" : DeliveryTable.time(last),
        Terminal.plain(secret.getString("origin") + (problem == null ? "" : ", which " + problem)));
  }

  /** A sentence for each secret that has verified nothing for a long time while others have. */
  static List<String> unused(JsonArray secrets, Instant now) {
    List<JsonObject> inForce =
        secrets.stream()
            .map(JsonObject.class::cast)
            .filter(secret -> !secret.getBoolean("retired"))
            .toList();
    @Nullable Instant newest =
        inForce.stream()
            .map(SecretsCommand::lastUsed)
            .filter(Objects::nonNull)
            .max(Instant::compareTo)
            .orElse(null);
    List<String> sentences = new ArrayList<>();
    for (JsonObject secret : inForce) {
      Instant last = lastUsed(secret);
      if (newest != null && (last == null || last.isBefore(newest.minus(LONG)))) {
        sentences.add(
            "'%s' has verified nothing%s, while others have. If no hook uses it any more, remove it or retire it."
                .formatted(
                    Terminal.plain(secret.getString("label")),
                    last == null ? " yet" : " for " + days(Duration.between(last, now))));
      }
    }
    return sentences;
  }

  private static @Nullable Instant lastUsed(JsonObject secret) {
    String last = secret.getString("lastUsed");
    return last == null ? null : Instant.parse(last);
  }

  private static String days(Duration time) {
    return Count.of(time.toDays(), "day");
  }
}
