package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.github.FakeGitHub;
import dev.caravan.network.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A scrape with every metric in it that there is. */
final class EveryMetric {
  private static @Nullable Scrape made;

  private EveryMetric() {}

  /**
   * Of one server that has seen traffic, and one that has TLS and has asked GitHub. Made once.
   *
   * @param directory where they may run
   */
  static synchronized Scrape in(Path directory) throws IOException {
    Scrape scrape = made;
    if (scrape == null) {
      Map<String, Double> samples = new TreeMap<>(busy(directory.resolve("busy")).samples());
      samples.putAll(withCertificate(directory.resolve("with-tls")).samples());
      scrape = new Scrape(samples);
      made = scrape;
    }
    return scrape;
  }

  private static Scrape busy(Path directory) throws IOException {
    try (Site site = new Site(Files.createDirectory(directory))) {
      site.set("caravan.log.ship", "file:" + Files.createDirectory(directory.resolve("away")))
          .route("ci.camel.yaml", Site.route("ci", "push", "log: \"done\""))
          .route(
              "failing.camel.yaml",
              Site.route(
                  "failing",
                  "push",
                  "throwException: { exceptionType: java.lang.IllegalStateException, message: no"
                      + " }"))
          .start();
      assertThat(site.post("push", "1", "{}")).isEqualTo(202);
      await()
          .until(
              () ->
                  site.get("/observe/metrics").body().contains("error=\"IllegalStateException\""));
      return Scrape.of(site.get("/observe/metrics").body());
    }
  }

  private static Scrape withCertificate(Path directory) throws IOException {
    Path files = Files.createDirectories(directory.resolve("tls"));
    TestCertificate certificate = new TestCertificate(files, "one", "EC");
    certificate.writeTo(files.resolve("tls.crt"), files.resolve("tls.key"));
    try (FakeGitHub gitHub = new FakeGitHub();
        Site site = new Site(directory)) {
      gitHub.hooks().add("acme/rocket", "https://hooks.example.com/hooks/handle_github");
      site.set("caravan.tls.certificate", files.resolve("tls.crt").toString())
          .set("caravan.tls.key", files.resolve("tls.key").toString())
          .set("caravan.github.api", gitHub.url())
          .set("caravan.github.token", FakeGitHub.TOKEN)
          .set("caravan.github.hooks", "acme/rocket")
          .set("caravan.github.recover", "at-start")
          .start();
      await()
          .until(
              () -> site.get("/observe/metrics").body().contains("caravan_recover_last_timestamp"));
      return Scrape.of(site.get("/observe/metrics").body());
    }
  }
}
