package dev.caravan.github.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A GitHub App: identifies itself with its key, and acts for an owner as the installation there.
 */
final class App implements Credentials {
  private static final Duration SPARE = Duration.ofMinutes(2);

  private final RestClient client;
  private final Waiting waiting;
  private final String id;
  private final AppKey key;
  private final Map<String, InstallationToken> tokens = new ConcurrentHashMap<>();

  private record InstallationToken(String value, Instant until) {}

  App(RestClient client, Waiting waiting, String id, AppKey key) {
    this.client = client;
    this.waiting = waiting;
    this.id = id;
    this.key = key;
  }

  @Override
  public String authorization(HookOwner owner) {
    if (owner.kind() == HookOwner.Kind.APP) {
      return own();
    }
    InstallationToken kept = tokens.get(owner.account());
    if (kept == null || kept.until().isBefore(waiting.now().plus(SPARE))) {
      kept = newToken(owner.account());
      tokens.put(owner.account(), kept);
    }
    return "Bearer " + kept.value();
  }

  @Override
  public String description() {
    return "the App " + id;
  }

  @Override
  public void forget(HookOwner owner) {
    tokens.remove(owner.account());
  }

  private InstallationToken newToken(String account) {
    JsonNode token =
        send("POST", "/app/installations/" + installation(account) + "/access_tokens", account);
    return new InstallationToken(
        token.path("token").asText(), Instant.parse(token.path("expires_at").asText()));
  }

  private long installation(String account) {
    // An organisation is an account, too: this finds the installation of either.
    return send("GET", "/users/" + account + "/installation", account).path("id").asLong();
  }

  private JsonNode send(String method, String path, String account) {
    Answer answer = client.send(new Call(method, path, null, own()));
    if (answer.status() == 404) {
      throw new GitHubException(
          404,
          "%s is not installed for %s. Install it there, on the App's page at GitHub."
              .formatted(description(), account));
    }
    if (!answer.isSuccess()) {
      throw Refusals.of(
          answer, new Need("use the App's installation for " + account, ""), description());
    }
    return answer.body();
  }

  private String own() {
    return "Bearer " + key.token(id, waiting.now());
  }
}
