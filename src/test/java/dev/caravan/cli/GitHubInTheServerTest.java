package dev.caravan.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.config.InvalidSettingException;
import dev.caravan.github.FakeGitHub;
import dev.caravan.github.FakeGitHub.Request;
import dev.caravan.github.FakeHook;
import dev.caravan.webhook.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a running program asks of GitHub by itself, and what its routes do. */
class GitHubInTheServerTest {
  @TempDir private Path directory;
  private GitHubSite site;

  @BeforeEach
  void prepare() {
    site = new GitHubSite(directory, "push").set("caravan.github.token", FakeGitHub.TOKEN);
  }

  @AfterEach
  void holdToTheContract() {
    site.close();
  }

  @Test
  void withoutBeingToldToItAsksGitHubNothing() {
    site.hook("acme/rocket").tried("one", "push", null, "acme/rocket", Instant.now(), 502);
    site.set("caravan.github.hooks", "acme/rocket").start();

    assertThat(site.caravan("doctor", "--repo=acme/rocket").out())
        .contains("had 1 of its last 1 delivery fail");
    assertThat(site.gitHub.requests("POST", "/attempts")).isEmpty();
  }

  @Test
  void atItsStartItGetsBackWhatItMissedAndKnowsFromThenOnThatNothingIsMissing() {
    FakeHook hook = site.hook("acme/rocket");
    hook.tried("one", "push", null, "acme/rocket", Instant.now(), 502);
    hook.tried("two", "star", "created", "acme/rocket", Instant.now(), 502);
    site.set("caravan.github.hooks", "acme/rocket")
        .set("caravan.github.recover", "at-start, 15m")
        .start();

    await().atMost(30, SECONDS).until(() -> hook.attempts().size() == 3);
    assertThat(hook.attempts().get(2).guid()).isEqualTo("one");
    await().until(() -> Files.readString(place()).contains("complete acme/rocket#" + hook.id()));
    site.stop();
    site.start();
    await().until(() -> site.gitHub.requests("GET", "/deliveries").size() >= 2);
    assertThat(site.gitHub.requests("POST", "/attempts")).hasSize(1);
  }

  @Test
  void anAddressWithoutAPathMeansTheHookOnIt() {
    FakeHook hook = site.hook("acme/rocket");
    hook.tried("one", "push", null, "acme/rocket", Instant.now(), 502);
    site.set("caravan.github.hooks", "acme/rocket")
        .set("caravan.github.url", site.url().replace("/hooks/handle_github", ""))
        .set("caravan.github.recover", "at-start")
        .start();

    await().atMost(30, SECONDS).until(() -> hook.attempts().size() == 2);
  }

  @Test
  void aRefusedDeliveryThatWasAskedForOftenDoesNotKeepTheOthersAway() throws IOException {
    FakeHook hook = site.hook("acme/rocket"); // its secret is corrected by now
    for (String guid : List.of("first", "second", "third")) {
      hook.tried(guid, "push", null, "acme/rocket", Instant.now().minusSeconds(7200), 403);
    }
    Files.createDirectories(place().getParent());
    long before = Instant.now().minusSeconds(3600).toEpochMilli();
    Files.writeString(place(), "asked first %d%n".formatted(before).repeat(5));

    site.set("caravan.github.hooks", "acme/rocket")
        .set("caravan.github.recover", "at-start")
        .start();

    await().atMost(30, SECONDS).until(() -> hook.attempts().size() == 5);
    assertThat(hook.attempts().subList(3, 5))
        .extracting(FakeHook.Attempt::guid)
        .containsExactly("second", "third");
  }

  @Test
  void credentialsThatCannotBeReadAreOneWarning() {
    try (CapturedLog log = new CapturedLog("dev.caravan.github")) {
      site.set("caravan.github.token", "")
          .set("caravan.github.token.file", directory.resolve("none").toString())
          .set("caravan.github.hooks", "acme/rocket")
          .set("caravan.github.recover", "at-start")
          .start();

      await().until(() -> !log.lines().isEmpty());
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("WARN")
          .contains("What is missing cannot be recovered", "caravan.github.token.file");
    }
  }

  @Test
  void aStopWhileGitHubIsAskedIsNothingToWarnOf() {
    site.gitHub.failNext("GET", 403, Map.of("Retry-After", "60"), "secondary rate limit");
    site.set("caravan.github.hooks", "acme/rocket").set("caravan.github.recover", "at-start");
    try (CapturedLog log = new CapturedLog("dev.caravan.github")) {
      site.start();
      await().until(() -> !site.gitHub.requests().isEmpty());
      site.stop();

      assertThat(log.lines()).noneMatch(line -> line.startsWith("WARN"));
    }
  }

  @Test
  void whatCannotBeGotBackHoldsUpNothing() {
    site.set("caravan.github.hooks", "acme/unknown")
        .set("caravan.github.recover", "at-start")
        .start();

    assertThat(Invocation.of(secret(), directory, "send", "push").exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "soon,acme,which is not at-start",
    "10s,acme,which is not at-start",
    "15m,'',caravan.github.hooks does not say",
    "15m,a b,'a b' is not the name of an organization"
  })
  void aScheduleThatCannotBeKeptIsRefusedAtTheStart(String schedule, String hooks, String reason) {
    site.set("caravan.github.hooks", hooks).set("caravan.github.recover", schedule);

    assertThatThrownBy(site::start)
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void anAddressThatIsNoneIsRefusedAtTheStart() {
    site.set("caravan.github.hooks", "acme/rocket")
        .set("caravan.github.url", "hooks.example.com")
        .set("caravan.github.recover", "15m");

    assertThatThrownBy(site::start)
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith("caravan.github.url: hooks.example.com is not the address");
  }

  @Test
  void theExampleSetsACommitStatusWithTheCredentialsOfTheSettings() throws IOException {
    Files.copy(
        Path.of("routes/examples/report-status.camel.yaml"),
        directory.resolve("routes/report-status.camel.yaml"));
    site.start();

    Invocation.of(secret(), directory, "send", "push");

    await()
        .atMost(20, SECONDS)
        .until(
            () -> site.gitHub.requests().stream().anyMatch(r -> r.path().contains("/statuses/")));
    Request status =
        site.gitHub.requests().stream()
            .filter(request -> request.path().contains("/statuses/"))
            .findFirst()
            .orElseThrow();
    assertThat(status.path()).matches("/repos/acme/rocket/statuses/[0-9a-f]{40}");
    assertThat(status.body().toString())
        .isEqualTo(
            "{\"state\":\"success\",\"context\":\"caravan\",\"description\":\"Caravan has seen it\"}");
    await()
        .untilAsserted(
            () ->
                assertThat(Invocation.of(Map.of(), directory, "subscriptions").out())
                    .containsPattern("report-status +running +push +0 +- +0 +- +0 +-"));
  }

  @Test
  void theExampleLabelsAPullRequestFromAForkAndNoOther() throws IOException {
    Files.copy(
        Path.of("routes/examples/label-forks.camel.yaml"),
        directory.resolve("routes/label-forks.camel.yaml"));
    String sample =
        Files.readString(Path.of("src/main/resources/dev/caravan/samples/pull_request.json"));
    Path fork = directory.resolve("fork.json");
    ObjectMapper json = new ObjectMapper();
    ObjectNode event = (ObjectNode) json.readTree(sample);
    ((ObjectNode) event.path("pull_request").path("head").path("repo"))
        .put("full_name", "lin/rocket");
    Files.writeString(fork, event.toString());
    site.start();

    Invocation.of(secret(), directory, "send", "pull_request");
    Invocation.of(secret(), directory, "send", "pull_request", "--file", fork.toString());

    await()
        .untilAsserted(
            () ->
                assertThat(Invocation.of(Map.of(), directory, "subscriptions").out())
                    .containsPattern(
                        "label-forks +running +pull_request.opened +0 +- +0 +- +0 +-"));
    assertThat(site.gitHub.requests().stream().filter(r -> r.path().endsWith("/labels")))
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.path())
                  .isEqualTo("/repos/acme/rocket/issues/" + event.path("number") + "/labels");
              assertThat(request.body().toString()).isEqualTo("{\"labels\":[\"from-fork\"]}");
            });
  }

  private Path place() {
    return directory.resolve("data/github-recover");
  }

  private static Map<String, String> secret() {
    return Map.of("GITHUB_WEBHOOK_SECRET", GitHubSite.SECRET);
  }
}
