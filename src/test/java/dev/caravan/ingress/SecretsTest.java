package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.SettingSources;
import dev.caravan.ingress.port.ConnectionTimeouts;
import dev.caravan.secrets.LiveSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several secrets at the port: which delivery each lets pass, and one taking another's place. */
class SecretsTest {
  private static final String ROCKET =
      "{\"repository\":{\"full_name\":\"acme/rocket\"},\"organization\":{\"login\":\"acme\"}}";

  @TempDir private Path folder;

  @Test
  void aSecretSignsOnlyForItsScope() {
    try (LiveSecrets secrets =
            watch(
                """
                caravan.secrets.acme = one
                caravan.secrets.acme.scope = acme
                caravan.secrets.other = two
                caravan.secrets.other.scope = other/*
                """);
        HookServer server = new HookServer(Map.of(), ConnectionTimeouts.USUAL, secrets)) {
      assertThat(Post.json(ROCKET).signedWith("one").to(server).statusCode()).isEqualTo(202);
      var refused = Post.json(ROCKET).signedWith("two").to(server);
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).isEqualTo("Invalid signature header");
      assertThat(Post.form(ROCKET).signedWith("two").to(server).statusCode()).isEqualTo(403);
      assertThat(Post.json("{}").signedWith("one").to(server).statusCode()).isEqualTo(403);
      assertThat(secrets.status().get(0).verified()).isEqualTo(1);
      assertThat(secrets.status().get(1).verified()).isZero();
    }
  }

  @Test
  void oneValueUnderTwoLabelsSignsForBothScopes() {
    try (LiveSecrets secrets =
            watch(
                """
                caravan.secrets.a = same
                caravan.secrets.a.scope = other
                caravan.secrets.b = same
                caravan.secrets.b.scope = acme/rocket
                """);
        HookServer server = new HookServer(Map.of(), ConnectionTimeouts.USUAL, secrets)) {
      assertThat(Post.json(ROCKET).signedWith("same").to(server).statusCode()).isEqualTo(202);
      assertThat(secrets.status().get(1).verified()).isEqualTo(1);
    }
  }

  @Test
  void aHooksSecretIsTriedForThatHookOnly() {
    try (LiveSecrets secrets =
            watch(
                """
                caravan.secret = any
                caravan.secrets.seven = seven
                caravan.secrets.seven.scope = hook:7
                caravan.secrets.eight = eight
                caravan.secrets.eight.scope = hook:8 acme/shop
                """);
        HookServer server = new HookServer(Map.of(), ConnectionTimeouts.USUAL, secrets)) {
      assertThat(status(server, "seven", "7")).isEqualTo(202);
      assertThat(status(server, "any", "7")).isEqualTo(202);
      assertThat(status(server, "any", "9")).isEqualTo(202);
      assertThat(status(server, "seven", "9")).isEqualTo(403);
      assertThat(status(server, "eight", "8")).isEqualTo(403);
      assertThat(Post.json(ROCKET).signedWith("seven").to(server).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void swappingSecretsUnderLoadRefusesNoValidDelivery() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("secrets"));
    Files.writeString(directory.resolve("2025"), "old");
    AtomicReference<String> gitHubs = new AtomicReference<>("old");
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger sent = new AtomicInteger();
    Set<Integer> answers = ConcurrentHashMap.newKeySet();
    try (LiveSecrets secrets = watch("caravan.secrets-directory = " + directory);
        HookServer server = new HookServer(Map.of(), ConnectionTimeouts.USUAL, secrets)) {
      CompletableFuture<?>[] clients = new CompletableFuture<?>[4];
      for (int client = 0; client < clients.length; client++) {
        clients[client] =
            CompletableFuture.runAsync(
                () -> {
                  while (!done.get()) {
                    Post post = Post.json(ROCKET).signedWith(gitHubs.get());
                    answers.add(post.to(server).statusCode());
                    server.log.forget(post.guid);
                    sent.incrementAndGet();
                  }
                });
      }
      await().until(() -> sent.get() > 100);
      Files.writeString(directory.resolve("2026"), "new\n");
      await().until(() -> secrets.inForce().valid().size() == 2);
      gitHubs.set("new");
      int before = sent.get();
      await().until(() -> sent.get() > before + 100);
      Files.delete(directory.resolve("2025"));
      await().until(() -> secrets.inForce().valid().size() == 1);
      int after = sent.get();
      await().until(() -> sent.get() > after + 100);
      done.set(true);
      CompletableFuture.allOf(clients).join();

      assertThat(answers).containsExactly(202);
      assertThat(Post.json(ROCKET).signedWith("old").to(server).statusCode()).isEqualTo(403);
    }
  }

  private static int status(HookServer server, String secret, String hook) {
    return Post.json(ROCKET)
        .with("X-GitHub-Hook-ID", hook)
        .signedWith(secret)
        .to(server)
        .statusCode();
  }

  private LiveSecrets watch(String lines) {
    Path file = folder.resolve("application.properties");
    try {
      Files.writeString(file, lines);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return new LiveSecrets(
        () -> new SettingSources(Map.of()).read(file, Map.of()), null, folder.resolve("use"));
  }
}
