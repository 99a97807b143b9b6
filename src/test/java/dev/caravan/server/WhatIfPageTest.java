package dev.caravan.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import dev.caravan.webhook.CapturedLog;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console's page What if, in a browser. */
class WhatIfPageTest {
  private static final String HOSTILE =
      "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>${7*7}javascript:alert(4)";
  private static final String READ_TOKEN = "somebody who may look only";

  private static final String NOTE =
      """
      apiVersion: camel.apache.org/v1
      kind: Kamelet
      metadata: { name: note }
      spec:
        definition: { title: Note, type: object }
        template:
          from:
            uri: kamelet:source
            steps: [ { setBody: { constant: noted } }, { to: "file:target/notes" } ]
      """;

  @TempDir static Path directory;
  private static ServerSocket outside;
  private static Browser browser;
  private static Site site;

  private static Page page;
  private static String session;

  @BeforeAll
  static void start() throws IOException {
    browser = Browser.start();
    outside = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    site =
        new Site(directory)
            .set("caravan.management.read-token", READ_TOKEN)
            .route("deploy.camel.yaml", route("main", "file:nowhere?fileName=x"))
            .route("shared/note.kamelet.yaml", NOTE)
            .route("notes.camel.yaml", Site.route("notes", "issues", "to: kamelet:note"))
            .start();
    post("push", "refs/heads/main", "acme/rocket");
    post("push", "refs/heads/topic" + HOSTILE, "acme/other");
    post("issues", "", "acme/rocket");
    await().until(() -> site.json("/api/delivery-count").getInteger("count") == 3);
    page = browser.open(new NewContextOptions());
    page.navigate(site.server().consoleUrl());
    page.waitForURL(url("/"));
    session = page.context().storageState();
  }

  private static String route(String branch, String to) {
    return """
        - route:
            id: deploy
            from:
              uri: github-webhook:push
              parameters: { branch: "%s", maxAttempts: 1 }
              steps:
                - filter: { simple: "${header.X-Never} == 'x'", steps: [ { to: "%s" } ] }
        """
        .formatted(branch, to);
  }

  @AfterAll
  static void stop() throws IOException {
    if (site != null) {
      site.close();
    }
    if (browser != null) {
      browser.close();
      outside.close();
    }
  }

  @BeforeEach
  void begin() {
    page.navigate(url("/what-if"));
  }

  @AfterEach
  void nothingWasComplainedOf() {
    assertThat(browser.complaintsSoFar()).isEmpty();
  }

  @Test
  void aPastedCandidateIsHeldAgainstTheRouteAsItRunsAndNothingIsSent() throws IOException {
    String before = site.json("/api/subscriptions").encode();
    try (CapturedLog audit = new CapturedLog("dev.caravan.audit")) {
      ask(candidate());
      assertThat(audit.lines().toString())
          .contains("let deploy.camel.yaml as pasted rehearse")
          .contains("with the deliveries ?event=push");
    }

    assertThat(page.locator("#answer"))
        .containsText("2 deliveries: taken 2, not wanted 0, failing 0");
    assertThat(page.locator("#answer")).containsText("2 would be treated differently than now");
    assertThat(page.locator("#answer tbody tr")).hasCount(2);
    assertThat(page.locator("#answer tbody tr").first()).containsText("branch: main");
    page.locator("#answer summary").first().click();
    assertThat(page.locator("#answer details").first()).containsText("refs/heads/topic");
    assertThat(page.locator("#answer details").first()).containsText("X-GitHub-Event");
    assertThat(page.locator("#candidate")).hasValue(candidate());
    assertThat(page.getByLabel("Event")).hasValue("push");

    outside.setSoTimeout(1);
    try {
      outside.accept().close();
      throw new AssertionError("somebody called");
    } catch (SocketTimeoutException e) {
      // as it should be
    }
    assertThat(site.json("/api/subscriptions").encode()).isEqualTo(before);
    assertThat(site.json("/api/deliveries").encode()).doesNotContain("rehearsal");
  }

  @Test
  void theFileAsItIsOnDiskMakesNoDifference() {
    page.getByLabel("Route file").selectOption("deploy.camel.yaml");
    page.getByLabel("Its new content").fill("");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Rehearse")).click();

    assertThat(page.locator("#answer")).containsText("3 deliveries: taken 1, not wanted 2");
    assertThat(page.locator("#answer")).containsText("0 would be treated differently than now");
    assertThat(page.locator("#answer")).containsText("it wants push");
  }

  @Test
  void aSharedFileIsTriedWithTheRoutesThatUseIt() {
    page.getByLabel("Route file").selectOption("shared/note.kamelet.yaml");
    page.getByLabel("Its new content").fill(NOTE.replace("noted", "noted anew"));
    page.getByLabel("Event").fill("issues");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Rehearse")).click();
    page.locator("#answer", new Page.LocatorOptions().setHasText("Ended")).waitFor();
    assertThat(page.locator("#answer"))
        .containsText(
            "1 delivery: taken 1, not wanted 0, failing 0. 1 would be treated differently");
    assertThat(page.locator("#answer tbody")).containsText("notes");
    page.locator("#answer summary").first().click();
    assertThat(page.locator("#answer tbody")).containsText("noted anew");

    page.getByLabel("Its new content").fill("");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Rehearse")).click();
    assertThat(page.locator("#answer")).containsText("0 would be treated differently than now");

    page.getByLabel("Its new content").fill(NOTE.replace("name: note", "name: other"));
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Rehearse")).click();
    assertThat(page.locator("#answer [role=alert]"))
        .containsText("It cannot run. its metadata: has the name 'other'");
  }

  @Test
  void aCandidatesProblemIsShownWithItsLine() {
    ask(candidate().replace("http:", "nosuch-" + HOSTILE.replace("\"", "") + ":"));
    assertThat(page.locator("#answer [role=alert]")).containsText("It cannot run.");
    ask(candidate().replace("branch: \"**\"", "branhc: x"));
    assertThat(page.locator("#answer [role=alert]")).containsText("line 5");
  }

  @Test
  void itWorksWithoutAScriptByKeyboardOnAPhoneAndInTheDark() {
    ask(candidate());
    for (ColorScheme scheme : new ColorScheme[] {ColorScheme.DARK, ColorScheme.LIGHT}) {
      Page phone = open(new NewContextOptions().setViewportSize(375, 700).setColorScheme(scheme));
      phone.navigate(url("/what-if?all"));
      phone.locator("#answer summary").first().click();
      assertThat((int) phone.evaluate("document.documentElement.scrollWidth"))
          .isLessThanOrEqualTo(375);
      assertThat(Browser.whatShutsSomebodyOut(phone).analyze().getViolations()).isEmpty();
      phone.context().close();
    }

    Page plain = open(new NewContextOptions().setJavaScriptEnabled(false));
    plain.navigate(url("/what-if"));
    plain.getByLabel("Route file").focus();
    plain.keyboard().type("deploy");
    plain.keyboard().press("Tab");
    plain.keyboard().press("Control+A");
    plain.keyboard().insertText(candidate().replace("/new", "/by-keyboard"));
    plain.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Rehearse")).focus();
    plain.keyboard().press("Enter");
    plain.waitForURL(Pattern.compile(".*/what-if\\?.*"));
    await()
        .until(
            () -> {
              plain.navigate(url("/what-if"));
              return plain.locator("#answer").textContent().contains("/by-keyboard");
            });
    plain.context().close();
  }

  @Test
  void theReadTokenCannotRunACandidate() {
    Page looking = browser.open(new NewContextOptions());
    looking.navigate(url("/login"));
    looking.locator("input[type=password]").fill(READ_TOKEN);
    looking.keyboard().press("Enter");
    looking.waitForURL(url("/"));
    looking.navigate(url("/what-if"));
    assertThat(looking.locator("form[action='/actions/what-if']")).hasCount(0);
    assertThat(posted(looking, true).status()).isEqualTo(403);
    looking.context().close();

    APIResponse elsewhere = posted(page, false);
    assertThat(elsewhere.status()).isEqualTo(403);
    assertThat(elsewhere.text()).contains("Origin");
  }

  private static APIResponse posted(Page page, boolean withOrigin) {
    RequestOptions options =
        RequestOptions.create()
            .setForm(FormData.create().set("candidate", candidate()))
            .setMaxRedirects(0);
    if (withOrigin) {
      options.setHeader("Origin", site.server().managementUrl());
    }
    return page.request().post(url("/actions/what-if"), options);
  }

  private void ask(String candidate) {
    page.getByLabel("Route file").selectOption("deploy.camel.yaml");
    page.getByLabel("Its new content").fill(candidate);
    page.getByLabel("Event").fill("push");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Rehearse")).click();
    page.locator("#answer", new Page.LocatorOptions().setHasText("Ended")).waitFor();
  }

  private static String candidate() {
    return route("**", "http://localhost:" + outside.getLocalPort() + "/new")
        .replace("${header.X-Never} == 'x'", "${header.X-GitHub-Event} == 'push'");
  }

  private static Page open(NewContextOptions options) {
    Page opened = browser.open(options.setStorageState(session));
    opened.navigate(url("/"));
    return opened;
  }

  private static String url(String path) {
    return site.server().managementUrl() + path;
  }

  private static void post(String event, String ref, String repository) {
    JsonObject action = new JsonObject();
    if (event.equals("issues")) {
      action.put("action", "opened").put("issue", new JsonObject().put("number", 7));
    }
    String payload =
        action
            .put("ref", ref)
            .put("head_commit", new JsonObject().put("message", HOSTILE))
            .put("repository", new JsonObject().put("full_name", repository))
            .encode();
    assertThat(site.post(event, UUID.randomUUID().toString(), payload)).isEqualTo(202);
  }
}
