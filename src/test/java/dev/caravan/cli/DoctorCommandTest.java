package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.github.FakeHook;
import dev.caravan.testing.PostgresServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code github doctor} with a GitHub whose hooks are ill, and the whole program. */
class DoctorCommandTest {
  /** What every address of these tests has, which have no certificate. */
  private static final String HTTP = "sends over http, which everyone on the way can read";

  @TempDir private Path directory;
  private GitHubSite site;

  @BeforeEach
  void start() {
    site = new GitHubSite(directory, "push,star");
    site.start();
  }

  @AfterEach
  void holdToTheContract() {
    site.close();
  }

  @Test
  void aHookInOrderHasNoProblems() {
    FakeHook hook = site.hook("acme/rocket").withEvents("push", "star").withLast(202, "active");
    hook.tried("one", "push", null, "acme/rocket", Instant.now(), 202);

    JsonObject report = doctor("--repo=acme/rocket", "--url=" + site.url());

    assertThat(problems(report)).containsExactly(HTTP);
    assertThat(report.getJsonArray("fine").getList().toString())
        .contains(
            "the clocks agree", "GitHub's headers get through", "settings and routes can be used");
  }

  @Test
  void aLogThatCannotBeAskedIsAFindingAmongTheOthers() throws IOException {
    site.close();
    Path shared = directory.resolve("shared");
    site = new GitHubSite(shared, "push");
    try (PostgresServer database = PostgresServer.ownWithFsync()) {
      Files.writeString(
          shared.resolve("application.properties"),
          "caravan.log = %s%ncaravan.management.token = a token to look with%n"
              .formatted(database.url()),
          StandardOpenOption.APPEND);
      site.start();
      site.hook("acme/rocket").inactive();
      database.stop();

      assertThat(problems(doctor("--repo=acme/rocket")))
          .contains("is not active")
          .anyMatch(problem -> problem.startsWith("cannot be asked: "));
      site.stop();
    }
  }

  @Test
  void withoutAnyHookNamedItSaysThatNoneWasLookedAt() {
    assertThat(doctor("--url=http://localhost:1/").getJsonArray("fine").getList().toString())
        .contains("no hooks at GitHub are looked at", "--repo");
  }

  @Test
  void aHooksProblemIsNamedWithTheCommandThatMendsIt() {
    site.hook("acme/rocket")
        .withSecret("")
        .withEvents("push", "watch")
        .withContentType("form")
        .withLast(null, "timeout")
        .inactive();

    Invocation report = site.caravan("doctor", "--repo=acme/rocket");

    assertThat(report.exitCode()).isEqualTo(1);
    assertThat(report.out())
        .contains(
            "is not active",
            "has no secret",
            "sends forms",
            "lacks events that routes want: star",
            "sends what no route wants: watch",
            "could not be reached by GitHub the last time (timeout)",
            "→ caravan github register --repo acme/rocket");
  }

  @Test
  void whatABrokenRouteFileMayWantIsNoReasonToTakeEventsAway() throws IOException {
    Files.writeString(directory.resolve("routes/watched.camel.yaml"), "- route: [");
    site.stop();
    site.start();
    site.hook("acme/rocket").withEvents("push", "star", "watch");

    assertThat(problems(doctor("--repo=acme/rocket", "--url=" + site.url())))
        .contains("have 1 problem")
        .noneMatch(problem -> problem.contains("no route wants"));
  }

  @Test
  void deliveriesThatFailedWereRefusedOrThrottledAreCounted() {
    FakeHook hook = site.hook("acme/rocket").withEvents("push", "star");
    hook.tried("a", "push", null, "acme/rocket", Instant.now(), 403);
    hook.tried("b", "push", null, "acme/rocket", Instant.now(), 0);
    hook.tried("c", "push", null, "acme/rocket", Instant.now(), 502);
    hook.tried("d", "push", null, "acme/rocket", Instant.now(), 202);
    hook.throttleLast();

    assertThat(problems(doctor("--repo=acme/rocket")))
        .contains(
            "had 1 of its last 4 deliveries refused (403): its secret is not one of ours",
            "had 2 of its last 4 deliveries fail",
            "was throttled by GitHub for 1 of the last 4 deliveries");
  }

  @Test
  void aHookThatIsSilentForLongAgainstItsOwnPastIsNamed() {
    FakeHook hook = site.hook("acme/rocket").withEvents("push", "star");
    for (int index = 0; index < 20; index++) {
      hook.tried(
          "g" + index,
          "push",
          null,
          "acme/rocket",
          Instant.now().minus(Duration.ofHours(5)).minus(Duration.ofMinutes(20 - index)),
          202);
    }

    assertThat(problems(doctor("--repo=acme/rocket")))
        .anyMatch(problem -> problem.startsWith("has been silent for 5 h; the longest pause"));
  }

  @Test
  void twoHooksOfOneAddressAndNoneAtAllAreNamed() {
    site.hook("acme/rocket").withEvents("push", "star");
    site.hook("acme/rocket").withEvents("push", "star");

    JsonObject report = doctor("--repo=acme/rocket", "--org=acme");

    assertThat(problems(report))
        .contains("has no hook that sends here")
        .anyMatch(problem -> problem.startsWith("has 2 hooks with our address"));
  }

  @Test
  void asManyHooksAsGitHubAllowsAreNamed() {
    site.hook("acme/rocket").withEvents("push", "star");
    for (int index = 0; index < 249; index++) {
      site.gitHub.hooks().add("acme/rocket", "http://localhost:1/other" + index);
    }

    assertThat(problems(doctor("--repo=acme/rocket")))
        .contains("has 250 hooks for push, as many as GitHub allows");
  }

  @Test
  void withoutATokenTheLocalPartIsChecked() {
    site.stop();

    Invocation report =
        Invocation.of(Map.of(), directory, "github", "doctor", "--url=" + site.url());

    assertThat(report.exitCode()).isEqualTo(1);
    assertThat(report.out())
        .contains(
            "has nothing listening on it",
            "the server: cannot be asked",
            site.url() + ": cannot be reached from here",
            "that needs a token");
  }

  @Test
  void anAddressThatSomethingElseAnswersIsNamed() {
    try (Receiver other = new Receiver()) {
      other.answer(200, "hello");
      assertThat(problems(doctor("--url=" + other.url())))
          .contains("accepts a wrong signature (200), so it is not Caravan that answers");
      other.answer(502, "");
      assertThat(problems(doctor("--url=" + other.url())))
          .contains("answers 502 where Caravan would answer 403");
    }
  }

  @Test
  void aProxyThatLosesGitHubsHeadersIsNamed() {
    try (StrippingProxy proxy =
        new StrippingProxy(site.url(), "X-Hub-Signature-256", "X-GitHub-Event")) {
      assertThat(problems(doctor("--url=" + proxy.url())))
          .contains("loses the header X-GitHub-Event on the way")
          .anyMatch(problem -> problem.contains("a proxy drops X-Hub-Signature-256"));
    }
  }

  @Test
  void aMissingPermissionIsReportedAndTheRestChecked() {
    site.gitHub.failNext(
        "/repos/acme/rocket/hooks",
        403,
        Map.of("X-Accepted-GitHub-Permissions", "repository_hooks=read"),
        "Resource not accessible");

    assertThat(problems(doctor("--repo=acme/rocket", "--org=acme")))
        .anyMatch(problem -> problem.contains("Webhooks: Read-only"))
        .contains("has no hook that sends here");
  }

  private JsonObject doctor(String... args) {
    List<String> all = new ArrayList<>(List.of("doctor", "--json"));
    all.addAll(List.of(args));
    Invocation done = site.caravan(all.toArray(String[]::new));
    assertThat(done.exitCode()).as(done.err() + done.out()).isEqualTo(1);
    return new JsonObject(done.out());
  }

  private static List<String> problems(JsonObject report) {
    return report.getJsonArray("findings").stream()
        .map(each -> ((JsonObject) each).getString("problem"))
        .toList();
  }
}
