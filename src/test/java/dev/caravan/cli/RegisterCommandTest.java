package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.github.FakeApp;
import dev.caravan.github.FakeHook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code github register} with a GitHub that keeps hooks, and the whole program. */
class RegisterCommandTest {
  @TempDir private Path directory;
  private GitHubSite site;

  @BeforeEach
  void start() {
    site = new GitHubSite(directory).route("ci", "push,pull_request.opened", "acme/*");
    site.route("web", "star", "acme/web").route("installed", "installation", "");
    site.start();
  }

  @AfterEach
  void holdToTheContract() {
    site.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--repo=acme/rocket", "--org=acme"})
  void aHookIsMadeForExactlyTheEventsOfTheRoutesAndItsPingArrives(String owner) {
    Invocation made = register(0, owner, "--wait");

    assertThat(made.out()).contains("made (a new hook for ", "GitHub's ping arrived as delivery ");
    assertThat(hook().events())
        .containsExactlyElementsOf(
            owner.contains("repo")
                ? List.of("pull_request", "push")
                : List.of("pull_request", "push", "star"));
    assertThat(hook().secret()).isEqualTo(GitHubSite.SECRET);
  }

  @Test
  void aSecondRunChangesNothingAndMakesNoSecondHook() {
    register(0, "--repo=acme/rocket", "--wait");

    assertThat(register(0, "--repo=acme/rocket").out())
        .isEqualToIgnoringNewLines("acme/rocket: in line");
    assertThat(
            register(
                    0,
                    "--repo=acme/rocket",
                    "--url=" + site.url().replace("localhost", "LOCALHOST") + "/")
                .out())
        .contains("in line");
    assertThat(site.gitHub.hooks().all()).hasSize(1);
    assertThat(site.gitHub.requests("PATCH", "")).isEmpty();
  }

  @Test
  void aHookThatDiffersIsShownFirstAndThenBroughtInLine() {
    FakeHook hook =
        site.hook("acme/rocket")
            .withSecret("")
            .withEvents("push", "watch")
            .withContentType("form")
            .withoutTlsVerification()
            .inactive();

    Invocation dry = register(1, "--repo=acme/rocket", "--dry-run");
    assertThat(dry.out())
        .isEqualToIgnoringNewLines(
            "acme/rocket: events push, watch → pull_request, push; active; content type form → json; TLS verification; a secret");
    assertThat(site.gitHub.requests("PATCH", "")).isEmpty();

    assertThat(register(0, "--repo=acme/rocket", "--wait").out()).contains("GitHub's ping arrived");
    assertThat(hook.events()).containsExactly("pull_request", "push");
    assertThat(register(0, "--repo=acme/rocket", "--dry-run").out()).contains("in line");
  }

  @Test
  void whatGitHubSaysCannotSteerTheTerminal() {
    site.hook("acme/rocket").withEvents("push", "\u001b[2Jwatch");

    assertThat(register(1, "--repo=acme/rocket", "--dry-run").out())
        .contains("events push, \\u001b[2Jwatch →");
  }

  @Test
  void checkNamesTheHooksThatLackAnEvent() {
    site.hook("acme/rocket").withEvents("push", "watch");

    assertThat(register(1, "--repo=acme/rocket", "--check").out())
        .isEqualToIgnoringNewLines("acme/rocket: lacks pull_request");
    assertThat(register(1, "--org=acme", "--check").out()).contains("acme: no hook");
    assertThat(register(0, "--repo=acme/rocket", "--check", "--events=push").out())
        .contains("in line");
  }

  @Test
  void allRepositoriesOfAGlobAreRegisteredThoughOneFails() throws IOException {
    site.gitHub.hooks().addOwner("acme/web-1");
    site.gitHub.hooks().addOwner("acme/web-2");
    Files.writeString(directory.resolve("more"), "# two more\nacme/unknown\nacme/rocket\n");

    Invocation done = register(1, "--repo=acme/web-*", "--repos-file=more");

    assertThat(done.out())
        .contains("[1/4] acme/web-1: made", "[2/4] acme/web-2: made", "[4/4] acme/rocket: made");
    assertThat(done.err()).contains("[3/4] acme/unknown: GitHub answers 404");
  }

  @Test
  void aFailureOfGitHubLeavesNoSecondHook() {
    site.gitHub.failNext("POST", 502, Map.of(), "Server Error");

    assertThat(caravan("--repo=acme/rocket").exitCode()).isEqualTo(1);
    register(0, "--repo=acme/rocket");
    assertThat(site.gitHub.hooks().all()).hasSize(1);
  }

  @Test
  void aHookThatWasMadeThoughGitHubSaidItFailedIsFound() {
    site.gitHub.failThoughDone("POST", 502);

    assertThat(register(0, "--repo=acme/rocket").out()).contains("acme/rocket: made");
    assertThat(site.gitHub.hooks().all()).hasSize(1);
  }

  @Test
  void aHookThatSomebodyElseMadeMeanwhileIsBroughtInLine() {
    site.gitHub.failThoughDone("POST", 422);

    assertThat(register(0, "--repo=acme/rocket").out()).contains("acme/rocket: made");
    assertThat(site.gitHub.hooks().all()).hasSize(1);
  }

  @Test
  void eachHookGetsItsOwnSecretWhichIsWrittenAndInForce() throws IOException {
    Invocation done = register(0, "--repo=acme/rocket", "--own-secret", "--wait");

    assertThat(done.out()).contains("GitHub's ping arrived");
    String settings = Files.readString(directory.resolve("application.properties"));
    assertThat(settings).contains("caravan.secrets.acme-rocket.scope = acme/rocket");
    assertThat(hook().secret())
        .hasSizeGreaterThan(40)
        .isEqualTo(Files.readString(directory.resolve("data/secrets/acme-rocket")).strip());
    assertThat(Files.getPosixFilePermissions(directory.resolve("data/secrets/acme-rocket")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(settings + done.out() + done.err()).doesNotContain(hook().secret());
    assertThat(register(0, "--repo=acme/rocket", "--own-secret").out()).contains("in line");
  }

  @Test
  void theSecretThatTheProgramMadeStaysInForceBesideOwnOnes() {
    site.close();
    site = new GitHubSite(directory.resolve("generated"), "push").withoutSecret().start();
    site.gitHub.hooks().addOwner("acme/web");
    register(0, "--repo=acme/rocket", "--wait");

    register(0, "--repo=acme/web", "--own-secret", "--wait");

    assertThat(register(0, "--repo=acme/rocket", "--wait").out()).contains("ping arrived");
  }

  private void startWithASecretForAcmeAlone() throws IOException {
    site.close();
    Path scoped = directory.resolve("scoped");
    site = new GitHubSite(scoped, "push").withoutSecret();
    Files.writeString(
        scoped.resolve("application.properties"),
        "caravan.secrets.acme = for acme alone\ncaravan.secrets.acme.scope = acme\n",
        StandardOpenOption.APPEND);
    site.start();
    site.gitHub.hooks().addOwner("beta/web");
  }

  @Test
  void noHookGetsTheSecretOfAnotherOwner() throws IOException {
    startWithASecretForAcmeAlone();

    assertThat(register(2, "--repo=beta/web").err()).contains("for beta/web", "--own-secret");
    assertThat(site.gitHub.hooks().all()).isEmpty();
    Invocation both = register(1, "--repo=beta/web", "--repo=acme/rocket");
    assertThat(both.err()).contains("beta/web: No readable secret");
    assertThat(hook().secret()).isEqualTo("for acme alone");
    register(0, "--repo=beta/web", "--own-secret", "--wait");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--dry-run", "--check"})
  void aSecretThatIsMissingIsToldBeforeAnythingIsChanged(String option) throws IOException {
    startWithASecretForAcmeAlone();

    assertThat(register(1, "--repo=beta/web", option).out())
        .contains("hook", "first a secret: No readable secret may sign for beta/web");
    assertThat(register(1, "--repo=beta/web", option, "--own-secret").out())
        .contains("hook")
        .doesNotContain("secret:");
    assertThat(register(1, "--repo=acme/rocket", option).out()).doesNotContain("secret:");
    assertThat(site.gitHub.requests("POST", "")).isEmpty();
  }

  /** In CI, or by a user who may not read what the server reads. */
  @Test
  void aCheckWhereTheSecretCannotBeReadLooksAtTheHooksAlone() throws IOException {
    register(0, "--repo=acme/rocket");
    Path settings = directory.resolve("application.properties");
    Files.writeString(
        settings,
        Files.readString(settings)
            .replace("caravan.secret = " + GitHubSite.SECRET, "caravan.secret.file = elsewhere"));

    assertThat(register(0, "--repo=acme/rocket", "--check").out()).contains("in line");
  }

  @Test
  void anOwnSecretThatGitHubWasNotGivenIsGivenToItByTheNextRun() {
    register(0, "--repo=acme/rocket", "--wait");
    site.gitHub.failNext("PATCH", 403, Map.of(), "Resource not accessible");
    register(1, "--repo=acme/rocket", "--own-secret");
    assertThat(hook().secret()).isEqualTo(GitHubSite.SECRET);

    register(0, "--repo=acme/rocket", "--own-secret", "--wait");

    assertThat(hook().secret()).isNotEqualTo(GitHubSite.SECRET);
    assertThat(register(0, "--repo=acme/rocket", "--own-secret").out()).contains("in line");
  }

  @Test
  void aSecondHookWithTheSameAddressIsNamedThoughTheFirstIsInLine() {
    for (int hook = 0; hook < 2; hook++) {
      site.hook("acme/rocket").withEvents("pull_request", "push").withLast(202, "active");
    }

    assertThat(register(0, "--repo=acme/rocket", "--dry-run").out())
        .contains("in line; delete hook ", "which sends everything twice");
  }

  @Test
  void hooksAreDeletedOnlyWhenThatIsAskedFor() {
    register(0, "--repo=acme/rocket");
    site.gitHub.hooks().add("acme/rocket", "http://localhost:1/other");

    assertThat(register(0, "--repo=acme/rocket", "--delete").out())
        .contains("acme/rocket: deleted");
    assertThat(site.gitHub.hooks().all()).hasSize(1);
    assertThat(register(0, "--repo=acme/rocket", "--delete").out()).contains("has no such hook");
  }

  @Test
  void aRefusedSecretIsReportedWithThePing() {
    site.hook("acme/rocket")
        .withSecret("other")
        .withEvents("pull_request", "push")
        .withLast(202, "active");

    assertThat(register(1, "--repo=acme/rocket", "--wait").out())
        .contains("GitHub's ping did not arrive: 403, so the secret differs");
    register(0, "--repo=acme/rocket", "--wait");
  }

  @Test
  void aMissingUrlOrEventsIsAnErrorThatNamesTheOption() {
    assertThat(site.caravan("register", "--repo=acme/rocket").err()).contains("--url https://");
    assertThat(site.caravan("register", "--url", site.url()).exitCode()).isEqualTo(2);
    site.stop();
    Invocation without = caravan("--repo=acme/rocket");
    assertThat(without.exitCode()).isEqualTo(1);
    assertThat(without.err()).contains("say them with --events");
    register(0, "--repo=acme/rocket", "--events=push,issues");
  }

  @Test
  void anOrganizationsHookIsInLineOnceSomethingShowsThatItsSecretIsOurs() {
    register(0, "--org=acme", "--wait");

    assertThat(register(0, "--org=acme", "--dry-run").out()).contains("acme: in line");
  }

  @Test
  void anAppsHookGetsOurSecretAndTheReportNamesWhatOnlyItsPageCanChange() throws IOException {
    Files.writeString(directory.resolve("app.pem"), site.gitHub.app().keyFile());
    site.gitHub.app().subscribe("push");
    FakeHook hook =
        site.gitHub.hooks().add("app", "http://localhost:1/elsewhere").withSecret("for acme");
    String[] app = {
      "--app", "--set=caravan.github.app.id=" + FakeApp.ID, "--set=caravan.github.app.key=app.pem"
    };

    // It names no owner: any secret would do, one that may sign for nothing else too.
    hook.tried("ping", "ping", null, "", Instant.now(), 202);
    assertThat(register(1, with(app, "--dry-run")).out()).contains("nothing shows that it is ours");

    Invocation done = register(0, app);

    assertThat(done.out())
        .contains("the App: changed", "lacks installation, pull_request, star", "on its page");
    assertThat(hook.secret()).isEqualTo(GitHubSite.SECRET);
    assertThat(hook.url()).isEqualTo(site.url());
  }

  /** The other receiver answers 2xx, which says nothing about ours. */
  @Test
  void anAppsHookThatSendsElsewhereIsNotInLineHoweverWellThatGoes() throws IOException {
    Files.writeString(directory.resolve("app.pem"), site.gitHub.app().keyFile());
    site.gitHub.app().subscribe("installation", "pull_request", "push", "star");
    FakeHook hook =
        site.gitHub.hooks().add("app", "http://localhost:1/elsewhere").withSecret("another");
    hook.tried("one", "push", null, "acme/rocket", Instant.now(), 200);
    String[] app = {
      "--app", "--set=caravan.github.app.id=" + FakeApp.ID, "--set=caravan.github.app.key=app.pem"
    };

    assertThat(register(1, with(app, "--check")).out())
        .contains("sends to http://localhost:1/elsewhere");
    assertThat(register(1, with(app, "--dry-run")).out())
        .contains("address http://localhost:1/elsewhere → " + site.url());
    assertThat(register(0, app).out()).contains("the App: changed").doesNotContain("its page");
    assertThat(hook.url()).isEqualTo(site.url());
    assertThat(hook.secret()).isEqualTo(GitHubSite.SECRET);
  }

  /** GitHub would never send what a hook without the event missed meanwhile. */
  @Test
  void noHookLosesTheEventsOfARouteFileThatIsBrokenAtTheMoment() throws IOException {
    FakeHook hook = site.hook("acme/rocket").withEvents("pull_request", "push", "release");
    site.stop();
    Files.writeString(directory.resolve("routes/releases.camel.yaml"), "- route: {");
    site.start();

    for (String option : List.of("--wait", "--dry-run", "--check")) {
      assertThat(register(1, "--repo=acme/rocket", option).err())
          .contains("releases.camel.yaml is broken", "which events", "--events");
    }
    assertThat(hook.events()).containsExactly("pull_request", "push", "release");
    register(0, "--repo=acme/rocket", "--events=push,release");
    assertThat(hook.events()).containsExactly("push", "release");
  }

  @Test
  void anOrganizationMayHaveANameThatSecretsHave() {
    site.close();
    site = new GitHubSite(directory.resolve("named"), "push").withoutSecret().start();
    site.gitHub.hooks().addOwner("acme/web");
    register(0, "--repo=acme/web", "--wait");

    for (String name : List.of("first", "default", "generated", "directory")) {
      site.gitHub.hooks().addOwner(name);
      register(0, "--org=" + name, "--own-secret");

      assertThat(register(0, "--repo=acme/web", "--wait").out())
          .as("beside " + name)
          .contains("ping arrived");
    }
    site.stop();
    site.start();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--repo=acme/no-*", "--repos-file=none"})
  void whatFitsNothingIsNotTakenForTheHooksInTheSettings(String option) throws IOException {
    Files.writeString(directory.resolve("none"), "# none any more\n");
    site.hook("acme/rocket");

    assertThat(register(1, "--delete", "--set=caravan.github.hooks=acme/rocket", option).err())
        .contains("No repository fits");
    assertThat(site.gitHub.hooks().all()).hasSize(1);
  }

  @Test
  void theSettingsMayNameAGlob() {
    site.gitHub.hooks().addOwner("acme/web-1");
    site.gitHub.hooks().addOwner("acme/web-2");

    assertThat(register(0, "--set=caravan.github.hooks=acme/web-*, acme/web-1").out())
        .contains("[1/2] acme/web-1: made", "[2/2] acme/web-2: made");
    assertThat(register(1, "--set=caravan.github.hooks=acme/wep-*").err())
        .contains("No repository fits acme/wep-*.");
  }

  private FakeHook hook() {
    assertThat(site.gitHub.hooks().all()).hasSize(1);
    return site.gitHub.hooks().all().get(0);
  }

  private static String[] with(String[] args, String more) {
    return Stream.concat(Arrays.stream(args), Stream.of(more)).toArray(String[]::new);
  }

  private Invocation register(int exitCode, String... args) {
    Invocation done = caravan(args);
    assertThat(done.exitCode()).as(done.out() + done.err()).isEqualTo(exitCode);
    return done;
  }

  private Invocation caravan(String... args) {
    List<String> all = new ArrayList<>(List.of("register"));
    all.addAll(List.of(args));
    if (Arrays.stream(args).noneMatch(arg -> arg.startsWith("--url"))) {
      all.add("--url=" + site.url());
    }
    return site.caravan(all.toArray(String[]::new));
  }
}
