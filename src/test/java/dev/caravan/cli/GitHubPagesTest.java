package dev.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.github.FakeGitHub;
import dev.caravan.github.FakeHook;
import dev.caravan.webhook.CapturedLog;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console's page about GitHub's side, with a GitHub that keeps what never came. */
class GitHubPagesTest {
  private static final String READ_TOKEN = "a token to look with";

  @TempDir private Path directory;
  private GitHubSite site;
  private final HttpClient browser =
      HttpClient.newBuilder()
          .followRedirects(Redirect.NORMAL)
          .cookieHandler(new CookieManager())
          .build();

  @BeforeEach
  void prepare() {
    site =
        new GitHubSite(directory, "push")
            .set("caravan.github.token", FakeGitHub.TOKEN)
            .set("caravan.github.hooks", "acme/rocket")
            .set("caravan.management.read-token", READ_TOKEN);
    site.set("caravan.github.url", site.url());
  }

  @AfterEach
  void holdToTheContract() {
    site.close();
  }

  @Test
  void openingThePageAsksGitHubNothingAndShowsWhatIsConfigured() {
    login();

    assertThat(page("")).contains("value=\"acme/rocket\"", "value=\"" + site.url() + "\"");
    assertThat(site.gitHub.requests()).isEmpty();
  }

  @Test
  void aLookNamesWhatIsWrongAndWhatToDo() {
    site.hook("acme/rocket").withEvents("watch").inactive();
    login();

    assertThat(ask("look"))
        .contains(
            "is not active",
            "lacks events that routes want: push",
            "caravan github register --repo acme/rocket",
            "the clocks agree");
    assertThat(ask("look", "acme")).contains("has no hook that sends here");
  }

  @Test
  void whatIsMissingIsCountedAndNamedAndNotAskedFor() {
    missed();
    login();

    String answer = ask("missing");

    assertCounts(answer, 3, 0, 1, 0, 0, 2);
    assertThat(answer)
        .contains("push-0", "push-1", "GitHub's attempt was answered 502")
        .doesNotContain("star-0");
    assertThat(site.gitHub.requests("POST", "/attempts")).isEmpty();
  }

  @Test
  void whatIsMissingIsGotBackWhileThePageShowsHowItGoesAndThenTheProof() {
    FakeHook hook = missed();
    login();
    site.gitHub.hooks().hold();

    try (CapturedLog audit = new CapturedLog("dev.caravan.audit")) {
      assertThat(post("recover", "acme/rocket").body()).contains("under way", "every 2s");
      assertThat(audit.lines())
          .anyMatch(
              line -> line.endsWith("began to get back what is missing at GitHub: acme/rocket."));
    }
    assertThat(post("recover", "acme/rocket").statusCode()).isEqualTo(409);
    site.gitHub.hooks().release();

    await().atMost(20, SECONDS).until(() -> !page("").contains("under way"));
    assertCounts(page(""), 3, 0, 1, 2, 2, 0);
    assertCounts(get("/github/work").body(), 3, 0, 1, 2, 2, 0);
    assertThat(hook.attempts()).hasSize(5);
    assertCounts(ask("missing"), 3, 2, 1, 0, 0, 0);
  }

  @Test
  void theDifferenceIsShownFirstAndThenMadeGood() {
    FakeHook hook = site.hook("acme/rocket").withEvents("watch").inactive();
    login();

    assertThat(ask("difference", "acme/rocket acme acme/unknown"))
        .contains(
            "GitHub answers 404",
            "events watch → push; active",
            "a new hook for push",
            "/actions/register");
    assertThat(site.gitHub.requests("PATCH", "")).isEmpty();

    post("register", "acme/rocket acme/unknown acme");
    await().atMost(20, SECONDS).until(() -> page("").contains("made (a new hook for push)"));
    assertThat(page("")).contains("changed (events watch → push; active");
    assertThat(hook.events()).containsExactly("push");
    assertThat(site.gitHub.hooks().all())
        .hasSize(2)
        .allSatisfy(each -> assertThat(each.secret()).isEqualTo(GitHubSite.SECRET));
    // GitHub's pings are signed with it by then.
    await()
        .atMost(10, SECONDS)
        .until(() -> !ask("difference", "acme").contains("/actions/register"));
  }

  @Test
  void whileARouteFileIsBrokenNoHookLosesItsEventsAndTheProofSaysWhatItLacks() throws IOException {
    FakeHook hook = site.hook("acme/rocket").withEvents("push", "release");
    Files.writeString(directory.resolve("routes/releases.camel.yaml"), "- route: {");
    login();

    assertThat(ask("difference", "acme/rocket"))
        .contains("releases.camel.yaml is broken", "which events")
        .doesNotContain("/actions/register");
    post("register", "acme/rocket");
    await().atMost(20, SECONDS).until(() -> page("").contains("releases.camel.yaml is broken"));
    assertThat(hook.events()).containsExactly("push", "release");
    assertThat(ask("missing", "acme/rocket"))
        .contains("releases.camel.yaml is broken: what only its newest version wants");
  }

  @Test
  void theReadTokenChangesNothingAtGitHub() {
    missed();
    site.start();
    send(form("/login", "token=" + READ_TOKEN));

    assertCounts(ask("missing"), 3, 0, 1, 0, 0, 2);
    assertThat(ask("difference", "acme")).contains("a new hook for push");
    assertThat(page("") + ask("difference", "acme")).doesNotContain("/actions/");
    assertThat(post("recover", "acme/rocket").statusCode()).isEqualTo(403);
    assertThat(post("register", "acme/rocket").statusCode()).isEqualTo(403);
    assertThat(site.gitHub.requests()).allMatch(request -> request.method().equals("GET"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<script>alert(1)</script>", "acme/rocket ../..", "a\"b", "acme/$(id)"})
  void anInvalidNameIsRefusedAndNotSentToGitHub(String names) {
    login();

    assertThat(ask("look", names))
        .contains("is not the name of a repository or an organization")
        .doesNotContain("<script>alert");
    assertThat(post("recover", names).statusCode()).isEqualTo(400);
    assertThat(site.gitHub.requests()).isEmpty();
  }

  @Test
  void gitHubsRefusalIsShownWithoutTheCredentials() {
    site.set("caravan.github.token", "ghp_that_was_revoked");
    login();

    assertThat(ask("missing"))
        .contains("the token in caravan.github.token")
        .doesNotContain("ghp_that_was_revoked");
    assertThat(page("")).doesNotContain("ghp_that_was_revoked");
  }

  @Test
  void aPageThatWouldHaveToWaitForTheRateLimitSaysUntilWhen() {
    missed();
    site.gitHub.failNext(
        "GET", 403, Map.of("Retry-After", "3000"), "You have exceeded a secondary rate limit");
    login();

    assertThat(ask("missing")).contains("rate limit is reached. Ask again after");
  }

  @Test
  void withoutCredentialsItSaysHowToGiveThemAndShowsTheCommands() {
    site.set("caravan.github.token.file", "missing").set("caravan.github.token", "");
    login();

    assertThat(page(""))
        .contains(
            "cannot be read",
            "docs/github.md",
            "./caravan github recover --repo 'acme/rocket' --url " + site.url())
        .doesNotContain("/actions/");
  }

  private FakeHook missed() {
    FakeHook hook = site.hook("acme/rocket");
    Instant at = Instant.now().minus(Duration.ofMinutes(9));
    hook.tried("push-0", "push", null, "acme/rocket", at, 502);
    hook.tried("push-1", "push", null, "acme/rocket", at, 0);
    hook.tried("star-0", "star", "created", "acme/rocket", at, 502);
    return hook;
  }

  private static void assertCounts(String page, int... counts) {
    String[] names = {
      "Seen by GitHub", "Already here", "Not wanted by a route", "Asked for", "Arrived", "Missing"
    };
    for (int index = 0; index < names.length; index++) {
      assertThat(page).contains("<dt>%s</dt><dd>%d</dd>".formatted(names[index], counts[index]));
    }
  }

  private void login() {
    site.start();
    send(HttpRequest.newBuilder(URI.create(site.consoleUrl())));
  }

  private String ask(String question) {
    return ask(question, "acme/rocket");
  }

  private String ask(String question, String names) {
    return page("?" + hooks(names) + "&do=" + question);
  }

  private String page(String query) {
    HttpResponse<String> answer = get("/github" + query);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(URI.create(site.managementUrl() + path)));
  }

  private HttpResponse<String> post(String action, String names) {
    return send(form("/actions/" + action, hooks(names)));
  }

  private String hooks(String names) {
    return "hooks="
        + URLEncoder.encode(names, UTF_8)
        + "&url="
        + URLEncoder.encode(site.url(), UTF_8);
  }

  private HttpRequest.Builder form(String path, String body) {
    return HttpRequest.newBuilder(URI.create(site.managementUrl() + path))
        .header("Origin", site.managementUrl())
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(body));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return browser.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
