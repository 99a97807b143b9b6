package dev.caravan.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A real browser without a window, of those the machine has; and what its pages complained of. */
final class Browser implements AutoCloseable {
  private static final List<String> PROGRAMS =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  /** One process draws all pages: each new one would cost as much as a page does. */
  private static final List<String> ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-software-rasterizer",
          "--renderer-process-limit=1");

  /** Errors of scripts, what they logged, and dialogs, of every page. */
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  private final Playwright playwright;
  private final com.microsoft.playwright.Browser browser;

  private Browser(Path program) {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions().setExecutablePath(program).setArgs(ARGUMENTS));
  }

  /** Starts one; skips the test where there is none. */
  static Browser start() {
    Optional<Path> program = program();
    assumeTrue(program.isPresent(), "No browser here: install Debian's chromium");
    return new Browser(program.orElseThrow());
  }

  private static Optional<Path> program() {
    return Stream.of(System.getenv("PATH").split(":"))
        .flatMap(folder -> PROGRAMS.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Forgets what was complained of, and says it. */
  List<String> complaintsSoFar() {
    List<String> all = List.copyOf(complaints);
    complaints.clear();
    return all;
  }

  /** Forgets those complaints that a test has brought about. */
  void forgive(Pattern expected) {
    complaints.removeIf(complaint -> expected.matcher(complaint).find());
  }

  /** A fresh window that knows nobody. */
  Page open(com.microsoft.playwright.Browser.NewContextOptions options) {
    BrowserContext context = browser.newContext(options);
    context.setDefaultTimeout(10_000);
    Page page = context.newPage();
    page.onPageError(error -> complaints.add("error: " + error));
    page.onConsoleMessage(
        message -> {
          boolean isExpected = message.location().contains("/nowhere"); // there is no such page
          if (!isExpected && List.of("error", "warning").contains(message.type())) {
            complaints.add(message.type() + ": " + message.text());
          }
        });
    page.onDialog(
        dialog -> {
          complaints.add("dialog: " + dialog.message());
          dialog.dismiss();
        });
    page.onRequest(
        request -> {
          if (!request.url().startsWith("http://localhost:")
              && !request.url().startsWith("data:")) {
            complaints.add("another host was asked: " + request.url());
          }
        });
    return page;
  }

  /** Looks for what shuts somebody out, and only for that: saying what is well costs as much. */
  static AxeBuilder whatShutsSomebodyOut(Page page) {
    AxeRunOptions onlyViolations = new AxeRunOptions();
    onlyViolations.setResultTypes(List.of("violations"));
    return new AxeBuilder(page).options(onlyViolations).setLegacyMode(true);
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
