package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What route files share, in the whole program. */
class SharedDefinitionsTest {
  private static final Pattern FILE =
      Pattern.compile("(?s)`routes/([\\w./-]+\\.yaml)`:\n\n```yaml\n(.*?)```");

  @TempDir Path directory;

  @Test
  void theExampleOfTheDocumentationRuns() throws IOException {
    Files.createDirectories(directory.resolve("routes/shared"));
    try (Site site = new Site(directory)) {
      Matcher files = FILE.matcher(Files.readString(Path.of("docs/routes.md")));
      int count = 0;
      while (files.find()) {
        site.route(files.group(1), files.group(2).replace("file:announced", "file:" + announced()));
        count++;
      }
      assertThat(count).isEqualTo(3);
      site.start();

      assertThat(site.server().routeFiles())
          .allSatisfy(each -> assertThat(each.problem()).isNull());
      assertThat(site.post("push", "guid-1", "{\"repository\":{\"full_name\":\"acme/rocket\"}}"))
          .isEqualTo(202);
      assertThat(site.post("issues", "guid-2", "{\"repository\":{\"full_name\":\"acme/web\"}}"))
          .isEqualTo(202);

      await()
          .untilAsserted(
              () -> {
                assertThat(announced().resolve("pushes.txt")).hasContent("push in acme/rocket\n");
                assertThat(announced().resolve("issues.txt")).hasContent("issues in acme/web\n");
              });
      assertThat(site.json("/api/routes").encode())
          .contains("\"one-line\":[\"announcements.camel.yaml\"]");
    }
  }

  @Test
  void nothingSharedReachesTheReceivingRoute() throws IOException {
    Files.createDirectories(directory.resolve("routes/shared"));
    try (Site site = new Site(directory)) {
      site.route(
              "shared/forged.camel.yaml",
              """
              - beans:
                  - name: verifySignature
                    type: java.util.ArrayList
                  - name: appendToLog
                    type: java.util.ArrayList
              - routeConfiguration:
                  id: http-answers
                  onException:
                    - onException:
                        exception: [java.lang.Throwable]
                        handled: { constant: "true" }
                        steps: [ { setBody: { constant: forged } } ]
              """)
          .route(
              "a.camel.yaml",
              Site.route("a", "push", "log: \"#bean:verifySignature #bean:appendToLog\""))
          .start();

      assertThat(site.post("push", "forged", "{}", "another secret")).isEqualTo(403);
      assertThat(site.post("push", "guid-1", "{}")).isEqualTo(202);
    }
  }

  private Path announced() {
    return directory.resolve("announced");
  }
}
