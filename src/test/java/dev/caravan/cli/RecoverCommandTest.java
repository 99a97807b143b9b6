package dev.caravan.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.github.FakeApp;
import dev.caravan.github.FakeGitHub.Request;
import dev.caravan.github.FakeHook;
import dev.caravan.github.FakeHook.Attempt;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code github recover} with a GitHub that keeps what never came, and the whole program. */
class RecoverCommandTest {
  @TempDir private Path directory;
  private GitHubSite site;

  @BeforeEach
  void prepare() {
    site = new GitHubSite(directory, "push,issues.opened");
  }

  @AfterEach
  void holdToTheContract() {
    site.close();
  }

  @Test
  void wantedDeliveriesThatNeverCameAreAskedForOnceAndProvedToHaveArrived() {
    FakeHook hook = site.hook("acme/rocket");
    tried(hook, 0, 7, 502);
    hook.tried("closed", "issues", "closed", "acme/rocket", minutesAgo(9), 0);
    hook.tried("opened", "issues", "opened", "acme/rocket", minutesAgo(8), 0);
    hook.tried("ping", "ping", null, "acme/rocket", minutesAgo(7), 0);
    site.start();

    JsonObject proof = recovered(0, "--repo", "acme/rocket");

    assertCounts(proof, 10, 0, 2, 8, 8, 0);
    assertThat(redeliveries(hook))
        .hasSize(8)
        .doesNotHaveDuplicates()
        .startsWith("push-0")
        .endsWith("opened");
    assertCounts(recovered(0, "--repo", "acme/rocket"), 10, 8, 2, 0, 0, 0);
  }

  @Test
  void aDeliveryThatIsHereIsNotAskedForThoughGitHubSawItFail() {
    FakeHook hook = site.hook("acme/rocket");
    site.start();
    Invocation.of(
        Map.of("GITHUB_WEBHOOK_SECRET", GitHubSite.SECRET),
        directory,
        "send",
        "push",
        "--delivery",
        "slow");
    hook.tried("slow", "push", null, "acme/rocket", minutesAgo(1), 0);

    assertCounts(recovered(0, "--repo", "acme/rocket"), 1, 1, 0, 0, 0, 0);
  }

  @Test
  void aDryRunSaysWhatIsMissingAndAsksForNothing() {
    FakeHook hook = site.hook("acme/rocket");
    tried(hook, 0, 2, 502);
    site.start();

    Invocation dry = site.caravan("recover", "--repo", "acme/rocket", "--dry-run");

    assertThat(dry.exitCode()).isEqualTo(1);
    assertThat(dry.out())
        .contains("hook " + hook.id() + " of acme/rocket, since ")
        .containsPattern("seen by GitHub +2\n")
        .containsPattern("missing +2\n")
        .containsPattern("Z  push-0  push: GitHub's attempt was answered 502");
    assertThat(site.gitHub.requests("POST", "/attempts")).isEmpty();
  }

  @Test
  void aRedeliveryThatGitHubLosesIsAskedForAgain() {
    FakeHook hook = site.hook("acme/rocket");
    tried(hook, 0, 5, 502);
    site.gitHub.hooks().loseNext(2);
    site.start();

    JsonObject proof = recovered(0, "--repo", "acme/rocket", "--wait", "1s");

    assertCounts(proof, 5, 0, 0, 5, 5, 0);
    assertThat(site.gitHub.requests("POST", "/attempts")).hasSize(7);
  }

  @Test
  void aRefusedSignatureIsToldApartAndNotAskedForOverAndOver() {
    FakeHook hook = site.hook("acme/rocket").withSecret("another one");
    tried(hook, 0, 4, 403);
    site.start();

    JsonObject proof = recovered(1, "--repo", "acme/rocket", "--wait", "1s");

    assertCounts(proof, 4, 0, 0, 1, 0, 4);
    assertThat(reasons(proof))
        .allSatisfy(reason -> assertThat(reason).startsWith("refused for its signature (403)"));

    hook.withSecret(GitHubSite.SECRET);
    assertCounts(recovered(0, "--repo", "acme/rocket"), 4, 0, 0, 4, 4, 0);
  }

  @Test
  void aHookWithAnotherSecretDoesNotKeepTheDeliveriesOfOthersAway() {
    tried(site.hook("acme/rocket").withSecret("another one"), 0, 2, 403);
    FakeHook corrected = site.hook("acme/web");
    for (String guid : List.of("web-0", "web-1")) {
      corrected.tried(guid, "push", null, "acme/web", minutesAgo(10), 403);
    }
    site.start();

    JsonObject proof = recovered(1, "--repo", "acme/rocket", "--repo", "acme/web", "--wait", "1s");

    assertCounts(proof, 4, 0, 0, 3, 2, 2);
    assertThat(reasons(proof)).allMatch(reason -> reason.startsWith("refused for its signature"));
  }

  @Test
  void aDeliveryTooOldForGitHubIsReportedAsMissingForThatReason() {
    FakeHook hook = site.hook("acme/rocket");
    hook.tried("old", "push", null, "acme/rocket", Instant.now().minus(Duration.ofDays(4)), 0);
    tried(hook, 0, 1, 502);
    site.start();

    JsonObject proof = recovered(1, "--repo", "acme/rocket", "--since", "7d");

    assertCounts(proof, 2, 0, 0, 1, 1, 1);
    assertThat(reasons(proof).get(0)).contains("does not send it again", "too old");
  }

  @Test
  void deliveriesBeforeSinceAreLeftAlone() {
    FakeHook hook = site.hook("acme/rocket");
    hook.tried("old", "push", null, "acme/rocket", minutesAgo(90), 0);
    tried(hook, 0, 1, 502);
    site.start();

    assertCounts(recovered(0, "--repo", "acme/rocket", "--since", "1h"), 1, 0, 0, 1, 1, 0);
  }

  @Test
  void anOrganizationsDeliveriesAreWantedByTheRepositoryTheyAreAbout() {
    site.close();
    site = new GitHubSite(directory.resolve("organization")).route("web", "push", "acme/web-*");
    FakeHook hook = site.hook("acme");
    hook.tried("one", "push", null, "acme/web-1", minutesAgo(5), 0);
    hook.tried("two", "push", null, "acme/rocket", minutesAgo(4), 0);
    hook.tried("three", "push", null, "acme/rocket", minutesAgo(3), 0);
    site.start();

    assertCounts(recovered(0, "--org", "acme"), 3, 0, 2, 1, 1, 0);
    assertThat(
            site.gitHub.requests("GET", "").stream()
                .filter(r -> r.path().matches(".*/deliveries/\\d+")))
        .as("one look at a payload for each repository")
        .hasSize(2);
  }

  @Test
  void gitHubsLimitsAndFailuresAreWaitedOut() {
    FakeHook hook = site.hook("acme/rocket");
    tried(hook, 0, 4, 502);
    site.gitHub.failNext("GET", 502, Map.of(), "Server Error");
    site.gitHub.failNext("POST", 403, Map.of("Retry-After", "1"), "secondary rate limit");
    site.gitHub.failNext(
        "POST",
        429,
        Map.of(
            "X-RateLimit-Remaining",
            "0",
            "X-RateLimit-Reset",
            String.valueOf(Instant.now().getEpochSecond() + 1)),
        "API rate limit exceeded");
    site.start();

    assertCounts(recovered(0, "--repo", "acme/rocket"), 4, 0, 0, 4, 4, 0);
  }

  @Test
  void afterAFailedRequestTheDeliveryIsAwaitedBeforeItIsAskedForAgain() {
    FakeHook hook = site.hook("acme/rocket");
    tried(hook, 0, 2, 502);
    site.gitHub.failNext("POST", 502, Map.of(), "Server Error");
    site.start();

    assertCounts(recovered(0, "--repo", "acme/rocket", "--wait", "1s"), 2, 0, 0, 2, 2, 0);
    assertThat(site.gitHub.requests("POST", "/attempts")).hasSize(3);
  }

  @Test
  void aGitHubThatDiesHalfwayLeavesAProofAndTheNextRunGoesOn() {
    FakeHook hook = site.hook("acme/rocket");
    tried(hook, 0, 6, 502);
    site.gitHub.dieAfter(2 + 3); // two lists, three redeliveries
    site.start();

    JsonObject proof = recovered(1, "--repo", "acme/rocket", "--wait", "2s");

    assertThat(proof.getInteger("arrived")).isEqualTo(3);
    assertThat(reasons(proof))
        .hasSize(3)
        .allSatisfy(reason -> assertThat(reason).contains("GitHub cannot be reached"));
    site.gitHub.revive();
    assertCounts(recovered(0, "--repo", "acme/rocket", "--wait", "1s"), 6, 3, 0, 3, 3, 0);
    assertThat(redeliveries(hook)).hasSize(6).doesNotHaveDuplicates();
  }

  @Test
  void aMissingOrWrongHookIsAnsweredWithHowToNameOne() {
    site.start();

    assertThat(site.caravan("recover").exitCode()).isEqualTo(2);
    assertThat(site.caravan("recover").err()).contains("--repo owner/name");
    assertThat(site.caravan("recover", "--repo", "acme").exitCode()).isEqualTo(2);
    assertThat(site.caravan("recover", "--repo", "acme/rocket", "--since", "soon").exitCode())
        .isEqualTo(2);
    Invocation none = site.caravan("recover", "--repo", "acme/rocket");
    assertThat(none.exitCode()).isEqualTo(1);
    assertThat(none.err())
        .contains("acme/rocket has no hook whose address ends in /hooks/handle_github");
  }

  @Test
  void anOwnerWithoutAHookIsReportedAndTheOthersAreRecovered() {
    FakeHook hook = site.hook("acme/rocket");
    tried(hook, 0, 1, 502);
    site.start();

    Invocation done = site.caravan("recover", "--repo", "acme/unknown", "--repo", "acme/rocket");

    assertThat(done.err()).contains("acme/unknown");
    assertThat(done.out()).containsPattern("arrived +1\n");
    assertThat(done.exitCode()).as("since not all was looked at").isEqualTo(1);
  }

  @Test
  void aBrokenRouteFileIsReportedBecauseItsEventsAreUnknown() throws IOException {
    site.hook("acme/rocket");
    Files.writeString(directory.resolve("routes/deploy.camel.yaml"), "- route: {");
    site.start();

    Invocation done = site.caravan("recover", "--repo", "acme/rocket");

    assertThat(done.err())
        .contains("deploy.camel.yaml is broken: what only its newest version wants");
  }

  @Test
  void anAppsDeliveriesAreRecoveredWithItsKey() throws IOException {
    Files.writeString(directory.resolve("app.pem"), site.gitHub.app().keyFile());
    FakeHook hook = site.hook("app");
    hook.tried("one", "push", null, "acme/rocket", minutesAgo(5), 0);
    site.start();

    JsonObject proof =
        recovered(
            0,
            "--app",
            "--set=caravan.github.app.id=" + FakeApp.ID,
            "--set=caravan.github.app.key=app.pem");

    assertCounts(proof, 1, 0, 0, 1, 1, 0);
  }

  @Test
  void twoRecoveriesOfOneDirectoryNeverAskAtOnce() throws Exception {
    FakeHook hook = site.hook("acme/rocket");
    tried(hook, 0, 2, 502);
    site.start();
    site.gitHub.hooks().hold();
    CompletableFuture<JsonObject> first =
        CompletableFuture.supplyAsync(() -> recovered(0, "--repo", "acme/rocket"));
    await().until(() -> site.gitHub.requests("POST", "/attempts").size() == 2);

    Invocation second = site.caravan("recover", "--repo", "acme/rocket");
    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.err()).contains("Another recovery is at work here");
    assertThat(site.caravan("recover", "--repo", "acme/rocket", "--dry-run").out())
        .containsPattern("missing +2\n");

    site.gitHub.hooks().release();
    assertCounts(first.get(30, SECONDS), 2, 0, 0, 2, 2, 0);
  }

  @Test
  void killedInTheMiddleAndStartedAgainNothingIsAskedForTwice() throws Exception {
    downFor(700, 60);
  }

  @Test
  @Tag("long")
  void sevenThousandMissedOfWhichTwoHundredAndSeventyAreWantedCostAsManyRedeliveries()
      throws Exception {
    downFor(7_000, 270);
  }

  /** The program is down for all of these, comes back, and recover is killed once on the way. */
  private void downFor(int deliveries, int wanted) throws Exception {
    FakeHook hook = site.hook("acme/rocket");
    int every = deliveries / wanted;
    Instant start = Instant.now().minus(Duration.ofHours(20));
    for (int index = 0; index < deliveries; index++) {
      boolean isWanted = index % every == 0 && index / every < wanted;
      hook.tried(
          "guid-" + index,
          isWanted ? "push" : "star",
          isWanted ? null : "created",
          "acme/rocket",
          start.plusSeconds(index),
          502);
    }
    site.start();
    site.gitHub.hooks().hold(); // what was asked for is on its way when the process is killed

    Process process = site.process("recover", "--repo", "acme/rocket");
    await()
        .atMost(60, SECONDS)
        .until(
            () ->
                !process.isAlive()
                    || site.gitHub.requests("POST", "/attempts").size() >= wanted / 3);
    assertThat(process.isAlive())
        .as(() -> new String(read(process.getInputStream()), StandardCharsets.UTF_8))
        .isTrue();
    process.destroyForcibly().waitFor();
    CompletableFuture<JsonObject> again =
        CompletableFuture.supplyAsync(() -> recovered(0, "--repo", "acme/rocket", "--wait", "10s"));
    await()
        .atMost(60, SECONDS)
        .until(() -> site.gitHub.requests("POST", "/attempts").size() >= wanted);
    site.gitHub.hooks().release();
    JsonObject proof = again.get(60, SECONDS);

    assertThat(redeliveries(hook)).hasSize(wanted).doesNotHaveDuplicates();
    assertThat(proof.getInteger("seen")).isEqualTo(deliveries);
    assertThat(proof.getInteger("notWanted")).isEqualTo(deliveries - wanted);
    assertThat(proof.getInteger("here") + proof.getInteger("arrived")).isEqualTo(wanted);
    assertThat(proof.getInteger("missing")).isZero();
  }

  private static byte[] read(InputStream stream) {
    try {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonObject recovered(int exitCode, String... args) {
    List<String> all = new java.util.ArrayList<>(List.of("recover", "--json"));
    all.addAll(List.of(args));
    Invocation done = site.caravan(all.toArray(String[]::new));
    assertThat(done.exitCode()).as(done.err() + done.out()).isEqualTo(exitCode);
    return new JsonObject(done.out());
  }

  private static void assertCounts(
      JsonObject proof, int seen, int here, int notWanted, int asked, int arrived, int missing) {
    assertThat(proof.copy().getMap())
        .as(proof.encode())
        .containsEntry("seen", seen)
        .containsEntry("here", here)
        .containsEntry("notWanted", notWanted)
        .containsEntry("asked", asked)
        .containsEntry("arrived", arrived)
        .containsEntry("missing", missing);
  }

  private static List<String> reasons(JsonObject proof) {
    return proof.getJsonArray("missingDeliveries").stream()
        .map(each -> ((JsonObject) each).getString("reason"))
        .toList();
  }

  private static void tried(FakeHook hook, int from, int count, int code) {
    for (int index = from; index < from + count; index++) {
      hook.tried("push-" + index, "push", null, "acme/rocket", minutesAgo(20), code);
    }
  }

  /** The GUIDs that GitHub was asked for, in the order of the requests. */
  private List<String> redeliveries(FakeHook hook) {
    Map<Long, String> guids =
        hook.attempts().stream().collect(Collectors.toMap(Attempt::id, Attempt::guid));
    return site.gitHub.requests("POST", "/attempts").stream()
        .map(Request::path)
        .map(
            path ->
                guids.get(Long.parseLong(path.replaceFirst(".*/deliveries/(\\d+)/attempts", "$1"))))
        .toList();
  }

  private static Instant minutesAgo(int minutes) {
    return Instant.now().minus(Duration.ofMinutes(minutes));
  }
}
