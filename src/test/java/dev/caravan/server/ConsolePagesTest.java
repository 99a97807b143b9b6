package dev.caravan.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.caravan.testing.Relay;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console as somebody sees it who opens it in a browser. */
class ConsolePagesTest {
  private static final String HOSTILE =
      "<script>alert(1)</script>\"'><img src=x onerror=alert(2)><svg/onload=alert(3)>${7*7}{{7*7}}javascript:alert(4)";

  private static final String LONG_NAME =
      "announce-" + "each-star-and-every-other-one-".repeat(4) + "in_one_place_and_nowhere_else";

  @TempDir static Path directory;
  private static Browser browser;
  private static Site site;

  private static Page page;
  private static String session;

  @BeforeAll
  static void start() {
    browser = Browser.start();
    site =
        new Site(directory)
            .set("caravan.github.token", "a-token-that-nobody-is-shown")
            .route(
                "all.camel.yaml",
                Site.route("all", "*", "log: \"seen ${header.X-GitHub-Event} ${body?[ref]}\""))
            .route(
                "fails.camel.yaml",
                Site.route(
                    "fails",
                    "issues",
                    "throwException: { exceptionType: java.lang.IllegalStateException, message: \"no <b>luck</b>\" }"))
            .route("long.camel.yaml", Site.route(LONG_NAME, "star", "log: starred"))
            .start();
    page = browser.open(new NewContextOptions());
    page.navigate(site.server().consoleUrl());
    page.waitForURL(url("/"));
    session = page.context().storageState();
  }

  @AfterAll
  static void stop() {
    if (site != null) {
      site.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void home() {
    page.navigate(url("/"));
  }

  @AfterEach
  void nothingWasComplainedOf() {
    assertThat(browser.complaintsSoFar()).isEmpty();
  }

  @Test
  void anEventAppearsWhileSomebodyWatchesAndOpens() {
    assertThat(page.locator(".count")).hasText(Pattern.compile("\\d+ deliver"));
    String before = page.locator(".count").textContent();
    String guid = post("push", push("acme/live", "a message"));

    Locator row = page.locator("#rows tr", new Page.LocatorOptions().setHasText("acme/live"));
    assertThat(row).containsText("all: completed");
    assertThat(row.locator("time")).not().containsText("UTC"); // but the reader's own
    assertThat(page.locator(".count"))
        .not()
        .hasText(before, new LocatorAssertions.HasTextOptions().setTimeout(10_000));
    row.getByRole(AriaRole.LINK).click();
    assertThat(page.locator("h1")).containsText("push in acme/live");
    assertThat(page.locator("main")).containsText(guid);
    assertThat(page.locator("main")).containsText("valid, signed with the secret \"test\"");
  }

  @Test
  void theLiveListGoesOnAfterItsConnectionWasCut() {
    try (Relay relay = new Relay(URI.create(site.server().managementUrl()).getPort())) {
      Page watching = browser.open(new NewContextOptions());
      String link = site.server().consoleUrl();
      watching.navigate("http://localhost:" + relay.port() + link.substring(url("").length()));
      watching.waitForURL("http://localhost:" + relay.port() + "/");
      post("push", push("acme/before", "x"));
      assertThat(watching.locator("#rows")).containsText("acme/before");

      org.assertj.core.api.Assertions.assertThat(relay.cut()).isPositive();
      post("push", push("acme/meanwhile", "x"));

      assertThat(watching.locator("#rows"))
          .containsText(
              "acme/meanwhile", new LocatorAssertions.ContainsTextOptions().setTimeout(15_000));

      watching.context().clearCookies(); // as after the session's end
      relay.cut();
      assertThat(watching.locator("#rows"))
          .containsText(
              "You are no longer logged in",
              new LocatorAssertions.ContainsTextOptions().setTimeout(15_000));
      watching.context().close();
    }
    browser.forgive(
        Pattern.compile("net::ERR_|^error: Event$|401")); // what a cut connection is called
  }

  @Test
  void anyValueOfThePayloadHasItsExpressionAtAClick() {
    open(post("push", push("acme/tree", "find me")));

    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Unfold head_commit"))
        .click();
    page.locator(".tree .key", new Page.LocatorOptions().setHasText("message")).click();
    assertThat(page.locator(".expressions")).containsText("${body?[head_commit]?[message]}");
    assertThat(page.locator(".expressions")).containsText("$.head_commit.message");
    page.getByLabel("Search the payload").fill("find me");
    assertThat(page.locator(".results")).containsText("$.head_commit.message");
  }

  @Test
  void aCopyButtonSaysWhatBecameOfIt() {
    open(post("push", push("acme/copy", "x")));
    Locator copy = page.locator("button[data-copy=curl]");
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: () => Promise.resolve() } })");
    copy.click();
    assertThat(copy).hasText("Copied");
    copy.click();
    assertThat(copy).hasText("Copy");
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    copy.click();
    assertThat(copy).hasText("Needs HTTPS or localhost");
  }

  @Test
  void aFilterIsInTheAddressAndCanBeShared() {
    post("push", push("acme/one", "x"));
    post("push", push("acme/two", "x"));
    page.getByLabel("Repository").fill("acme/two");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Show")).click();

    assertThat(page).hasURL(Pattern.compile(".*repository=acme%2Ftwo.*"));
    Page other = open(new NewContextOptions());
    other.navigate(page.url());
    assertThat(other.locator("#rows")).containsText("acme/two");
    assertThat(other.locator("#rows")).not().containsText("acme/one");
    assertThat(other.locator(".count")).containsText("1 delivery");
    other.context().close();
  }

  @Test
  void deliveriesAreFoundByWhoSentThemAndWhatTheyAreAbout() {
    String pull =
        "{\"action\":\"opened\",\"number\":%s,\"pull_request\":{\"number\":%s},\"sender\":{\"login\":\"%s\"}}";
    post("pull_request", pull.formatted(8077, 8077, "hopper"));
    post("pull_request", pull.formatted(8078, 8078, "hopper"));
    post("pull_request", pull.formatted(8077, 8077, "lovelace"));
    page.getByLabel("Sender").fill("hopper");
    page.getByLabel("About").fill("8077");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Show")).click();

    assertThat(page).hasURL(Pattern.compile(".*about=8077&sender=hopper.*"));
    assertThat(page.locator("#rows tr")).hasCount(1);
    assertThat(page.locator("#rows")).containsText("#8077");
  }

  @Test
  void thePausedListStandsStill() {
    page.locator("#live").click();
    assertThat(page.locator("#live")).containsText("go live");
    post("push", push("acme/later", "x"));
    page.locator("#live").click();

    assertThat(page.locator("#rows")).containsText("acme/later");
  }

  @Test
  void aFailureShowsItsErrorAndIsReplayed() {
    String guid =
        post(
            "issues",
            "{\"action\":\"opened\",\"issue\":{\"number\":7},\"repository\":{\"full_name\":\"acme/rocket\"}}");
    page.navigate(url("/?outcome=dead-letter&subscription=fails"));
    assertThat(page.locator("#rows")).containsText("fails: dead letter");
    open(guid);
    assertThat(page.locator(".outcomes")).containsText("no <b>luck</b>");

    page.getByLabel("Replay to").selectOption("fails");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Replay")).click();
    org.awaitility.Awaitility.await()
        .untilAsserted(
            () -> {
              page.reload();
              org.assertj.core.api.Assertions.assertThat(
                      page.getByRole(
                              AriaRole.TABLE, new Page.GetByRoleOptions().setName("Attempts"))
                          .locator("tbody tr", new Locator.LocatorOptions().setHasText("fails"))
                          .count())
                  .isEqualTo(2);
            });
  }

  @Test
  void deadLettersAreReplayedByTheirErrorOrOneByOne() {
    for (int number = 1; number <= 3; number++) {
      post("issues", "{\"action\":\"opened\",\"issue\":{\"number\":" + number + "}}");
    }
    page.navigate(url("/subscriptions/fails"));
    org.awaitility.Awaitility.await()
        .untilAsserted(
            () -> {
              page.reload();
              org.assertj.core.api.Assertions.assertThat(page.locator("main").textContent())
                  .contains("Choose");
            });
    Locator groups =
        page.getByRole(
            AriaRole.TABLE, new Page.GetByRoleOptions().setName("Dead letters by error"));
    assertThat(groups.locator("tbody tr")).hasCount(1);
    assertThat(groups).containsText("no <b>luck</b>");
    groups.getByText("Choose").click();
    page.getByRole(AriaRole.CHECKBOX).first().check();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Replay selected")).click();
    page.navigate(url("/subscriptions/fails"));
    assertThat(replays()).containsText("position");
    page.getByRole(
            AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^Replay \\d")))
        .first()
        .click();
    assertThat(replays()).containsText("error IllegalStateException: no <b>luck</b>");
  }

  @Test
  void whatWaitsIsRetriedNowAndAReplayIsCancelled() {
    site.route(
        "later.camel.yaml",
        Site.route(
                "later",
                "fork",
                "throwException: { exceptionType: java.lang.IllegalStateException, message: later }")
            .replace("maxAttempts: 1", "maxAttempts: 3, retryDelay: 1h"));
    org.awaitility.Awaitility.await()
        .until(() -> site.json("/api/routes").encode().contains("\"subscription\":\"later\""));
    String guid = post("fork", "{}");
    org.awaitility.Awaitility.await()
        .until(() -> site.json("/api/deliveries/" + guid).encode().contains("\"number\":1"));
    page.navigate(url("/subscriptions/later"));
    assertThat(page.locator(".facts").first()).containsText("1, the next in");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Retry now")).click();
    org.awaitility.Awaitility.await()
        .until(() -> site.json("/api/deliveries/" + guid).encode().contains("\"number\":2"));

    page.navigate(url("/subscriptions/all"));
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Pause")).click();
    page.navigate(url("/deliveries/" + guid));
    page.getByLabel("Replay to").selectOption("all");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Replay")).click();
    page.navigate(url("/subscriptions/all"));
    page.getByRole(
            AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("Cancel replay")))
        .first()
        .click();
    org.awaitility.Awaitility.await()
        .untilAsserted(
            () -> {
              page.reload();
              org.assertj.core.api.Assertions.assertThat(replays().textContent())
                  .contains("cancelled", "1 taken back");
            });
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Resume")).click();
    site.remove("later.camel.yaml");
  }

  private Locator replays() {
    return page.getByRole(
        AriaRole.TABLE,
        new Page.GetByRoleOptions().setName("Replays since the start, newest first"));
  }

  @Test
  void aRouteIsShownAsItRunsWithTheResultOfItsLastLoad() {
    site.route("shown.camel.yaml", Site.route("shown", "star", "to: \"log:a?showAll=true\""));
    org.awaitility.Awaitility.await()
        .until(() -> site.json("/api/routes").encode().contains("\"subscription\":\"shown\""));
    page.navigate(url("/subscriptions/shown"));
    assertThat(page.locator(".steps")).containsText("github-webhook:star");
    assertThat(page.locator(".steps")).containsText("log:a?showAll=true");
    page.getByText("As YAML").click();
    assertThat(page.locator("#definition")).containsText("showAll: true");

    site.route("shown.camel.yaml", Site.route("shown", "star", "to: \"nowhere:x\""));
    org.awaitility.Awaitility.await()
        .untilAsserted(
            () -> {
              page.reload();
              org.assertj.core.api.Assertions.assertThat(page.locator("main").textContent())
                  .contains("broken", "shown.camel.yaml, line 7", "last good version");
            });
    site.remove("shown.camel.yaml");
  }

  @Test
  void anAttemptHasTheLinesThatItsRouteLogged() {
    open(post("push", push("acme/lines", "x")));

    Locator attempts =
        page.getByRole(
            AriaRole.TABLE, new Page.GetByRoleOptions().setName("Attempts, oldest first"));
    org.awaitility.Awaitility.await()
        .untilAsserted(
            () -> {
              page.reload();
              org.assertj.core.api.Assertions.assertThat(attempts.textContent())
                  .contains("1 log line", "all: seen push refs/heads/main");
            });
  }

  @Test
  void aSubscriptionIsPausedAndResumed() {
    page.navigate(url("/subscriptions/all"));
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Pause")).click();
    assertThat(page.locator("h1")).containsText("paused");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Resume")).click();
    assertThat(page.locator("h1")).containsText("running");
  }

  @Test
  void theOverviewDrawsItsCharts() {
    post("push", push("acme/rocket", "x"));
    page.navigate(url("/overview"));

    assertThat(page.locator(".charts canvas")).hasCount(7);
    assertThat(page.locator("main")).containsText("Deliveries are being accepted");
    assertThat(page.locator("table.list").first()).containsText("4711");
    assertThat(
            page.getByRole(
                AriaRole.IMG,
                new Page.GetByRoleOptions()
                    .setName(Pattern.compile("Accepted per minute: accepted \\d"))))
        .hasCount(1);
  }

  @Test
  void aChartHasAGapWhereNothingWasRecorded() {
    Page watched = open(new NewContextOptions());
    watched.route(
        "**/overview/series**",
        route -> {
          JsonObject answer = new JsonObject(route.fetch().text());
          int to = answer.getInteger("to");
          JsonArray three = new JsonArray().add(60).add(60).add(60);
          answer.put("time", new JsonArray().add(to - 600).add(to - 300).add(to - 285));
          answer.getJsonObject("series").fieldNames().stream()
              .toList()
              .forEach(name -> answer.getJsonObject("series").put(name, three));
          route.fulfill(
              new Route.FulfillOptions()
                  .setContentType("application/json")
                  .setBody(answer.encode()));
        });
    watched.addInitScript(
        """
        window.given = [];
        Object.defineProperty(window, 'uPlot', {
          set(real) { this.real = real; },
          get() {
            return function (options, data, place) {
              window.given.push(data[1]);
              return new window.real(options, data, place);
            };
          },
        });
        """);
    watched.navigate(url("/overview?span=15m"));

    assertThat(watched.locator(".charts canvas")).hasCount(7);
    assertThat((String) watched.evaluate("JSON.stringify(window.given[0])"))
        .isEqualTo("[240,null,240,240]");
    watched.context().close();
  }

  @Test
  void anEditedDeliveryIsSentAndMarkedAsATest() {
    open(post("push", push("acme/rocket", "before")));
    page.getByText("Edit and send as a test").click();
    Locator payload = page.getByLabel("Payload");
    payload.fill(payload.inputValue().replace("before", "afterwards"));
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Send the test")).click();

    assertThat(page.locator("h1")).containsText("test");
    assertThat(page.locator("main")).containsText("test_");
    assertThat(page.locator("main")).containsText("not signed");
    page.navigate(url("/?text=afterwards"));
    assertThat(page.locator("#rows .mark.test")).hasCount(1);
  }

  @Test
  void twoDeliveriesAreCompared() {
    post("push", push("acme/compared", "the first"));
    open(post("push", push("acme/compared", "the second")));
    page.getByText("Compare", new Page.GetByTextOptions().setExact(true)).click();
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(Pattern.compile("compared")))
        .first()
        .click();

    assertThat(page.locator("table")).containsText("/head_commit/message");
    assertThat(page.locator(".removed")).containsText("the second");
    assertThat(page.locator(".added")).containsText("the first");
  }

  @Test
  void itIsUsedByKeyboardAlone() {
    post("push", push("acme/keys", "x"));
    assertThat(page.locator("#rows")).containsText("acme/keys");
    page.keyboard().press("Tab");
    assertThat(page.locator(":focus")).containsText("Skip to the content");
    page.keyboard().press("Enter");
    page.locator("#live").focus();
    page.keyboard().press("Tab");
    assertThat(page.locator(":focus")).containsText("push");
    page.keyboard().press("Enter");

    assertThat(page.locator("h1")).containsText("push");
  }

  @Test
  void everyPageFitsAPhoneAndHasNothingThatShutsSomebodyOut() {
    String guid =
        post(
            "issues",
            "{\"action\":\"opened\",\"issue\":{\"number\":7,\"title\":\""
                + "long".repeat(200)
                + "\"},\"repository\":{\"full_name\":\"acme/rocket\"}}");
    site.post("push", UUID.randomUUID().toString(), "{}", "not the secret");
    Page phone = open(new NewContextOptions().setViewportSize(375, 700));
    for (String path : pages(guid)) {
      show(phone, path);
      assertThat((int) phone.evaluate("document.documentElement.scrollWidth"))
          .as("width of " + path)
          .isLessThanOrEqualTo(375);
      assertThat(Browser.whatShutsSomebodyOut(phone).analyze().getViolations()).as(path).isEmpty();
    }
    show(phone, "/deliveries/" + guid);
    assertThat(left(phone.getByText("Its route logged nothing.").first()))
        .as("beside its label, not below it")
        .isGreaterThan(100);
    phone.context().close();
  }

  private static double left(Locator shown) {
    return shown.boundingBox().x;
  }

  @Test
  void aShortWordIsNotBrokenForALongNameBesideIt() {
    page.navigate(url("/subscriptions"));
    assertThat(page.locator(".mark.completed").first().boundingBox().height).isLessThan(30);
    assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(page.viewportSize().width);
  }

  @Test
  void theDarkSchemeHasEnoughContrast() {
    String guid = post("push", push("acme/dark", "x"));
    Page dark = open(new NewContextOptions().setColorScheme(ColorScheme.DARK));
    for (String path : List.of("/", "/deliveries/" + guid, "/subscriptions/fails", "/overview")) {
      show(dark, path);
      assertThat(
              Browser.whatShutsSomebodyOut(dark)
                  .withRules(List.of("color-contrast"))
                  .analyze()
                  .getViolations())
          .as(path)
          .isEmpty();
    }
    assertThat((String) dark.evaluate("getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(25, 22, 19)");
    dark.context().close();
  }

  private static void show(Page page, String path) {
    page.navigate(url(path));
    if (path.startsWith("/deliveries") && !path.contains("edit")) {
      page.locator(".tree").waitFor();
    }
  }

  @Test
  void whatComesFromOutsideIsTextAndNothingElse() {
    String payload =
        new JsonObject()
            .put("ref", "refs/heads/" + HOSTILE)
            .put(HOSTILE, HOSTILE)
            .put(
                "head_commit",
                new JsonObject().put("message", HOSTILE).put("url", "javascript:alert(5)"))
            .put("compare", "https://x/\"onclick=alert(6)")
            .put(
                "sender",
                new JsonObject().put("login", HOSTILE).put("html_url", "javascript:alert(7)"))
            .encode();
    String guid = post("push", payload);
    for (String path : pages(guid)) {
      page.navigate(url(path));
      if (path.equals("/deliveries/" + guid)) {
        page.locator(".tree .key", new Page.LocatorOptions().setHasText("<script>")).click();
        assertThat(page.locator(".expressions")).containsText("<script>");
      }
      assertThat(page.locator("[onerror], [onclick], [onload], a[href^='javascript']").count())
          .isZero();
      assertThat(page.locator("main img, main svg").count()).isZero();
    }
    page.navigate(
        url(
            "/?text="
                + java.net.URLEncoder.encode(HOSTILE, java.nio.charset.StandardCharsets.UTF_8)));
    assertThat(page.getByLabel("Text")).hasValue(HOSTILE);
  }

  @Test
  void withoutAScriptItCanBeRead() {
    String guid = post("push", push("acme/plain", "to be read"));
    Page plain = open(new NewContextOptions().setJavaScriptEnabled(false));
    assertThat(plain.locator("#rows")).containsText("acme/plain");
    plain.navigate(url("/deliveries/" + guid));
    assertThat(plain.locator("#payload")).containsText("to be read");
    assertThat(plain.locator("button.copy")).isHidden(); // it would do nothing
    plain.context().close();
  }

  private static List<String> pages(String guid) {
    return List.of(
        "/",
        "/?live=off",
        "/what-if",
        "/?outcome=dead-letter&error=no&sender=x&about=7",
        "/deliveries/" + guid,
        "/deliveries/" + guid + "/edit",
        "/compare?one=1",
        "/compare?one=1&two=2",
        "/subscriptions",
        "/subscriptions/fails",
        "/subscriptions/fails/dead-letters?error=IllegalState",
        "/subscriptions/all/dead-letters?error="
            + java.net.URLEncoder.encode(HOSTILE, java.nio.charset.StandardCharsets.UTF_8),
        "/overview",
        "/overview?span=7d",
        "/refused",
        "/github",
        "/github?hooks="
            + java.net.URLEncoder.encode(HOSTILE, java.nio.charset.StandardCharsets.UTF_8)
            + "&do=missing",
        "/login",
        "/nowhere");
  }

  private static Page open(NewContextOptions options) {
    Page opened = browser.open(options.setStorageState(session));
    opened.navigate(url("/"));
    return opened;
  }

  private void open(String guid) {
    page.navigate(url("/deliveries/" + guid));
  }

  private static String url(String path) {
    return site.server().managementUrl() + path;
  }

  private static String post(String event, String payload) {
    String guid = UUID.randomUUID().toString();
    assertThat(site.post(event, guid, payload)).isEqualTo(202);
    return guid;
  }

  private static String push(String repository, String message) {
    return new JsonObject()
        .put("ref", "refs/heads/main")
        .put("head_commit", new JsonObject().put("message", message))
        .put("repository", new JsonObject().put("full_name", repository))
        .encode();
  }
}
