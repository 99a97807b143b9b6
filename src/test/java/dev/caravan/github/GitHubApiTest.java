package dev.caravan.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.GitHubException;
import dev.caravan.github.api.Hook;
import dev.caravan.github.api.HookConfig;
import dev.caravan.github.api.HookDeliveries;
import dev.caravan.github.api.HookDelivery;
import dev.caravan.github.api.HookOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of GitHub and how, held to GitHub's own description of its API. */
class GitHubApiTest {
  private static final HookOwner ROCKET = HookOwner.repository("acme/rocket");
  private static final HookOwner ACME = HookOwner.organization("acme");
  private static final String URL = "http://localhost:1/hooks/handle_github";

  private final FakeGitHub gitHub = new FakeGitHub();
  private final TestTime time = new TestTime();
  private final Asking asking = new Asking(gitHub).at(time);

  @AfterEach
  void holdToTheContract() {
    gitHub.close();
  }

  @Test
  void anAnswerThatIsStillValidDoesNotBringItsOldLimitBack() {
    gitHub.hooks().add("acme/rocket", URL);
    GitHubApi api = asking.withToken();
    gitHub.spendLimit();
    List<Hook> first = api.hooks(ROCKET);

    assertThat(api.hooks(ROCKET)).isEqualTo(first);
    assertThat(api.hooks(ROCKET)).isEqualTo(first);

    assertThat(time.pauses()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme/rocket", "acme"})
  void aHookIsMadeChangedPingedAndDeleted(String name) {
    GitHubApi api = asking.withToken();
    HookOwner owner = HookOwner.parse(name);

    Hook made = api.create(owner, new HookConfig(URL, "s1"), List.of("push"));
    api.update(made, new HookConfig(URL, "s2"), List.of("push", "issues"));
    api.ping(made);

    Hook found = api.hooks(owner).get(0);
    assertThat(found.id()).isEqualTo(made.id());
    assertThat(found.events()).containsExactly("push", "issues");
    assertThat(found.contentType()).isEqualTo("json");
    assertThat(found.hasSecret()).isTrue();
    assertThat(found.verifiesTls()).isTrue();
    assertThat(gitHub.hooks().all().get(0).secret()).isEqualTo("s2");
    api.delete(found);
    assertThat(api.hooks(owner)).isEmpty();
  }

  @Test
  void everyPageOfHooksAndOfDeliveriesIsRead() {
    for (int index = 0; index < 120; index++) {
      gitHub.hooks().add("acme/rocket", URL + index);
    }
    FakeHook busy = gitHub.hooks().all().get(0);
    for (int index = 0; index < 250; index++) {
      busy.tried("guid-" + index, "push", null, "acme/rocket", Instant.now(), 202);
    }
    GitHubApi api = asking.withToken();

    List<Hook> hooks = api.hooks(ROCKET);
    List<String> guids = new ArrayList<>();
    String cursor = null;
    do {
      HookDeliveries page = api.deliveries(hooks.get(0), cursor);
      page.deliveries().forEach(delivery -> guids.add(delivery.guid()));
      cursor = page.next();
    } while (cursor != null);

    assertThat(hooks).hasSize(120);
    assertThat(guids)
        .hasSize(250)
        .doesNotHaveDuplicates()
        .startsWith("guid-249")
        .endsWith("guid-0");
  }

  @Test
  void aDeliveryIsSentAgainSignedAndItsRepositoryIsKnown() {
    FakeHook hook = gitHub.hooks().add("acme", URL).withSecret("s");
    hook.tried("one", "issues", "opened", "acme/rocket", Instant.now(), 502);
    GitHubApi api = asking.withToken();
    Hook seen = api.hooks(ACME).get(0);
    HookDelivery delivery = api.deliveries(seen, null).deliveries().get(0);

    api.redeliver(seen, delivery.id());

    assertThat(delivery.action()).isEqualTo("opened");
    assertThat(delivery.statusCode()).isEqualTo(502);
    assertThat(api.repository(seen, delivery)).isEqualTo("acme/rocket");
    await().until(() -> hook.attempts().size() == 2);
    assertThat(hook.attempts().get(1).redelivery()).isTrue();
  }

  @Test
  void anOrganizationsRepositoriesAreListedWithoutArchivedOnes() {
    gitHub.hooks().addOwner("acme/web");
    gitHub.hooks().addOwner("acme/archived-thing");

    assertThat(asking.withToken().repositories(ACME)).containsExactly("acme/rocket", "acme/web");
  }

  @Test
  void askingAgainWhatHasNotChangedCostsNothing() {
    gitHub.hooks().add("acme/rocket", URL);
    GitHubApi api = asking.withToken();

    List<Hook> first = api.hooks(ROCKET);

    assertThat(api.hooks(ROCKET)).isEqualTo(first);
    gitHub.hooks().all().get(0).withEvents("star");
    assertThat(api.hooks(ROCKET).get(0).events()).containsExactly("star");
  }

  @Test
  void aSpentRateLimitIsWaitedForUntilGitHubsOwnClockSaysSo() {
    time.pass(Duration.ofHours(-1));
    String reset = String.valueOf(Instant.now().getEpochSecond() + 90);
    gitHub.failNext(
        "GET",
        403,
        Map.of("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", reset),
        "API rate limit exceeded for user ID 1.");

    assertThat(asking.withToken().hooks(ROCKET)).isEmpty();

    assertThat(time.pauses()).hasSize(1);
    assertThat(time.pauses().get(0)).isBetween(Duration.ofSeconds(85), Duration.ofSeconds(93));
    assertThat(asking.told())
        .singleElement()
        .asString()
        .startsWith("GitHub's rate limit is reached");
  }

  @Test
  void theLastRequestOfAnHourIsAnsweredAndTheNextOneWaits() {
    String reset = String.valueOf(Instant.now().getEpochSecond() + 60);
    gitHub.failNext(
        "GET", 404, Map.of("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", reset), "Not Found");
    GitHubApi api = asking.withToken();

    assertThatThrownBy(() -> api.hooks(ROCKET)).isInstanceOf(GitHubException.class);
    assertThat(time.pauses()).isEmpty();
    api.hooks(ROCKET);
    assertThat(time.pauses()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"403,7,7", "429,7,7", "429,,60"})
  void aSecondaryLimitIsWaitedForEvenBeforeAChange(int status, String retryAfter, int seconds) {
    GitHubApi api = asking.withToken();
    gitHub.failNext(
        "POST",
        status,
        retryAfter == null ? Map.of() : Map.of("Retry-After", retryAfter),
        "You have exceeded a secondary rate limit.");

    api.create(ROCKET, new HookConfig(URL, "s"), List.of("push"));

    assertThat(time.pauses()).containsExactly(Duration.ofSeconds(seconds));
    assertThat(gitHub.hooks().all()).hasSize(1);
  }

  @Test
  void pausesGrowWhileASecondaryLimitStays() {
    for (int index = 0; index < 3; index++) {
      gitHub.failNext("GET", 403, Map.of(), "You have exceeded a secondary rate limit.");
    }

    asking.withToken().hooks(ROCKET);

    assertThat(time.pauses())
        .containsExactly(Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(4));
  }

  @Test
  void afterAFailureOfGitHubAReadIsTriedAgain() {
    gitHub.failNext("GET", 502, Map.of(), "Server Error");
    gitHub.failNext("GET", 500, Map.of(), "Server Error");

    assertThat(asking.withToken().hooks(ROCKET)).isEmpty();
    assertThat(time.pauses()).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @Test
  void afterAFailureAChangeThatMayBeMadeIsNotTriedAgain() {
    gitHub.failNext("POST", 502, Map.of(), "Server Error");
    GitHubApi api = asking.withToken();

    assertThatThrownBy(() -> api.create(ROCKET, new HookConfig(URL, "s"), List.of("push")))
        .isInstanceOfSatisfying(
            GitHubException.class, failure -> assertThat(failure.mayBeDone()).isTrue());
    assertThat(gitHub.requests("POST", "/hooks")).hasSize(1);
  }

  @Test
  void changesAreASecondApart() {
    gitHub.hooks().add("acme/rocket", URL);
    GitHubApi api = asking.set("caravan.github.pause", "1s").withToken();
    Hook hook = api.hooks(ROCKET).get(0);

    api.ping(hook);
    api.ping(hook);
    api.hooks(ROCKET);

    assertThat(time.pauses()).containsExactly(Duration.ofSeconds(1));
  }

  @Test
  void anUnreachableGitHubIsReportedAfterFiveTries() {
    gitHub.dieAfter(0);

    assertThatThrownBy(() -> asking.withToken().hooks(ROCKET))
        .hasMessageStartingWith("GitHub cannot be reached at http://localhost:")
        .hasMessageContaining("caravan.github.proxy");
    assertThat(time.pauses()).hasSize(4);
  }

  @Test
  void aMissingPermissionIsNamed() {
    gitHub.failNext(
        "GET",
        403,
        Map.of("X-Accepted-GitHub-Permissions", "repository_hooks=read"),
        "Resource not accessible by personal access token");

    assertThatThrownBy(() -> asking.withToken().hooks(ROCKET))
        .hasMessage(
            "GitHub does not let the token in GITHUB_TOKEN list the hooks of acme/rocket (Resource not accessible by personal access token). It needs the repository permission \"Webhooks: Read-only\" (fine-grained token or App), or the scope read:repo_hook (classic token). GitHub asks for repository_hooks=read.");
  }

  @Test
  void a404NamesThePermissionThatMayBeMissing() {
    assertThatThrownBy(() -> asking.withToken().hooks(HookOwner.organization("nobody")))
        .hasMessageContaining("list the hooks of nobody")
        .hasMessageContaining("organization permission \"Webhooks: Read-only\"");
  }

  @Test
  void aTokenThatIsWrongIsNamedByItsPlaceAndNeverShown() {
    assertThatThrownBy(() -> asking.environment("GH_TOKEN", "wrong-token").api().hooks(ROCKET))
        .hasMessageContaining("the token in GH_TOKEN (Bad credentials)")
        .hasMessageNotContaining("wrong-token");
  }

  @Test
  void withoutCredentialsTheErrorSaysWhatToSet() {
    GitHubApi api = asking.api();

    assertThat(api.hasCredentials()).isFalse();
    assertThatThrownBy(() -> api.hooks(ROCKET)).hasMessageContaining("GITHUB_TOKEN");
    assertThat(api.time()).isBetween(Instant.now().minusSeconds(5), Instant.now().plusSeconds(5));
  }

  @Test
  void aTokenIsReadFromAFileOrFromGh(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("token"), FakeGitHub.TOKEN + "\n");
    Path gh = directory.resolve("gh");
    Files.writeString(
        gh,
        "#!/bin/sh\n[ \"$*\" = 'auth token --hostname localhost' ] && echo " + FakeGitHub.TOKEN);
    Files.setPosixFilePermissions(gh, PosixFilePermissions.fromString("rwxr-xr-x"));

    GitHubApi fromFile =
        new Asking(gitHub).in(directory).set("caravan.github.token.file", "token").api();
    GitHubApi fromGh = new Asking(gitHub).environment("PATH", directory.toString()).api();

    assertThat(fromFile.hooks(ROCKET)).isEmpty();
    assertThat(fromGh.hooks(ROCKET)).isEmpty();
  }

  @Test
  void aPageDoesNotWaitForAGhThatHangs(@TempDir Path directory) throws IOException {
    Path gh = Files.writeString(directory.resolve("gh"), "#!/bin/sh\nexec sleep 60\n");
    Files.setPosixFilePermissions(gh, PosixFilePermissions.fromString("rwxr-xr-x"));
    Asking asking = new Asking(gitHub).environment("PATH", directory.toString());

    assertThat(assertTimeout(Duration.ofSeconds(8), asking.questions()::trouble))
        .isEqualTo("Caravan has no credentials for GitHub.");
  }

  /** As a secret's mount does, without the program being started again. */
  @Test
  void aTokenThatIsReplacedInItsFileIsUsedFromThenOn(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("token"), "an-old-one");
    GitHubApi api =
        new Asking(gitHub).in(directory).set("caravan.github.token.file", "token").api();

    Files.writeString(file, FakeGitHub.TOKEN);

    assertThat(api.authorization(ROCKET)).isEqualTo("Bearer " + FakeGitHub.TOKEN);
    assertThat(api.hooks(ROCKET)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAppShowsItselfAndUsesItsInstallationForWhatAnOwnerHas(
      boolean asGitHubGivesIt, @TempDir Path directory) throws IOException {
    Files.writeString(
        directory.resolve("app.pem"),
        asGitHubGivesIt ? gitHub.app().keyFile() : gitHub.app().convertedKeyFile());
    gitHub.app().subscribe("push", "issues");
    gitHub.hooks().add("app", URL);
    gitHub.hooks().add("acme/rocket", URL);
    GitHubApi api = app(directory);

    Hook own = api.hooks(HookOwner.APP).get(0);
    api.update(own, new HookConfig(URL, "new"), own.events());

    assertThat(own.events()).containsExactly("push", "issues");
    assertThat(gitHub.hooks().all().get(0).secret()).isEqualTo("new");
    assertThat(api.deliveries(own, null).deliveries()).isEmpty();
    assertThat(api.hooks(ROCKET)).hasSize(1);
    assertThat(api.hooks(ACME)).isEmpty();
    assertThat(gitHub.app().tokensMade()).isEqualTo(1);
  }

  @Test
  void anInstallationsTokenThatIsRevokedOrOldIsMadeAnew(@TempDir Path directory)
      throws IOException {
    Files.writeString(directory.resolve("app.pem"), gitHub.app().keyFile());
    GitHubApi api = app(directory);
    api.hooks(ROCKET);

    gitHub.app().revokeTokens();
    assertThat(api.hooks(ROCKET)).isEmpty();
    assertThat(gitHub.app().tokensMade()).isEqualTo(2);
  }

  @Test
  void anAppThatIsNotInstalledIsReportedAsThat(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("app.pem"), gitHub.app().keyFile());

    assertThatThrownBy(() -> app(directory).hooks(HookOwner.repository("other/thing")))
        .hasMessageContaining("the App 4711 is not installed for other");
  }

  @ParameterizedTest
  @CsvSource({
    "caravan.github.api,http://api.github.com,which is not the address of GitHub's REST API",
    "caravan.github.api,ftp://x,which is not an address",
    "caravan.github.proxy,proxy:3128,which is not an address",
    "caravan.github.token.file,nowhere,which cannot be read (NoSuchFileException)",
    "caravan.github.token,not one,has no token in it",
    "caravan.github.app.id,4711,but not caravan.github.app.key"
  })
  void aSettingThatCannotBeUsedIsRefusedByItsName(String key, String value, String reason) {
    assertThatThrownBy(() -> asking.set(key, value).api())
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(reason);
  }

  @Test
  void aProxyIsAskedInsteadOfGitHub() {
    String proxy = gitHub.url().replace("/api/v3", "");
    gitHub.hooks().add("acme/rocket", URL);
    asking
        .set("caravan.github.api", "http://localhost:1/api/v3")
        .set("caravan.github.proxy", proxy);

    assertThat(asking.withToken().hooks(ROCKET)).hasSize(1);
  }

  @Test
  void aTokenIsNeverSentToAnotherServer() {
    gitHub.failNext("GET", 301, Map.of("Location", "http://localhost:1/elsewhere"), "Moved");

    assertThatThrownBy(() -> asking.withToken().hooks(ROCKET))
        .hasMessageContaining("GitHub redirects to another server");
  }

  @Test
  void aRedirectIsFollowed() {
    gitHub.failNext(
        "GET", 301, Map.of("Location", gitHub.url() + "/orgs/acme/hooks?per_page=100"), "Moved");
    gitHub.hooks().add("acme", URL);

    assertThat(asking.withToken().hooks(ROCKET)).hasSize(1);
  }

  private GitHubApi app(Path directory) {
    return new Asking(gitHub)
        .in(directory)
        .set("caravan.github.app.id", FakeApp.ID)
        .set("caravan.github.app.key", "app.pem")
        .api();
  }
}
