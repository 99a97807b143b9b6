package dev.caravan.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.SettingSources;
import dev.caravan.config.Settings;
import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.checkup.Checkup;
import dev.caravan.github.checkup.Checkup.Finding;
import dev.caravan.github.checkup.ClockCheckup;
import dev.caravan.github.checkup.LocalCheckup;
import dev.caravan.network.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the checks of this machine and its clock find. */
class CheckupTest {
  @TempDir private Path directory;
  private final Checkup checkup = new Checkup();

  @ParameterizedTest
  @CsvSource({"PT2M,ahead of", "PT-5M,behind"})
  void aClockThatDiffersFromGitHubsIsNamed(Duration difference, String how) {
    try (FakeGitHub gitHub = new FakeGitHub()) {
      TestTime time = new TestTime();
      time.pass(difference);
      GitHubApi api = new Asking(gitHub).at(time).api();

      Instant theirs = ClockCheckup.look(api, time, checkup);

      assertThat(theirs).isBetween(Instant.now().minusSeconds(10), Instant.now().plusSeconds(10));
      assertThat(checkup.findings())
          .extracting(Finding::problem)
          .singleElement()
          .asString()
          .contains(how + " that of GitHub");
    }
  }

  @Test
  void aGitHubThatCannotBeReachedIsNamedAndTheRestGoesOn() {
    try (FakeGitHub gitHub = new FakeGitHub()) {
      gitHub.dieAfter(0);
      TestTime time = new TestTime();

      ClockCheckup.look(new Asking(gitHub).at(time).api(), time, checkup);

      assertThat(checkup.findings())
          .extracting(Finding::problem)
          .singleElement()
          .asString()
          .contains("GitHub cannot be reached");
    }
  }

  @Test
  void aCertificateIsNamedBeforeItExpires() {
    Path certificate = directory.resolve("tls.crt");
    new TestCertificate(directory, "hooks", "EC")
        .writeTo(certificate, directory.resolve("tls.key"));
    Settings settings =
        new SettingSources(Map.of())
            .read(
                null,
                Map.of(
                    "caravan.data", directory.toString(),
                    "camel.server.port", "0",
                    "caravan.tls.certificate", certificate.toString()));

    for (int days : new int[] {0, 80, 100}) {
      new LocalCheckup(settings, path -> path, Instant.now().plus(Duration.ofDays(days)))
          .look(checkup);
    }

    assertThat(checkup.fine()).anyMatch(sentence -> sentence.contains("is valid until"));
    assertThat(checkup.findings())
        .extracting(Finding::problem)
        .satisfiesExactly(
            soon -> assertThat(soon).startsWith("expires on"),
            past -> assertThat(past).startsWith("has expired on"));
  }

  @Test
  void aMissingDataDirectoryAndAnInvalidCertificateAreNamed() throws Exception {
    Files.writeString(directory.resolve("none"), "not a certificate");
    Settings settings =
        new SettingSources(Map.of())
            .read(
                null,
                Map.of(
                    "caravan.data", directory.resolve("nowhere").toString(),
                    "camel.server.port", "1",
                    "caravan.tls.certificate", directory.resolve("none").toString()));

    new LocalCheckup(settings, path -> path, Instant.now()).look(checkup);

    assertThat(checkup.findings())
        .extracting(Finding::problem)
        .anyMatch(problem -> problem.contains("is not there yet"))
        .anyMatch(problem -> problem.contains("has nothing listening on it"))
        .anyMatch(problem -> problem.startsWith("cannot be read"));
  }
}
