package dev.caravan.ingress.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;

class KeptHeadersTest {
  private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();

  @Test
  void namesAreWrittenAsGitHubWritesThem() {
    headers
        .add("x-github-hook-installation-target-id", "1")
        .add("X-HUB-SIGNATURE-256", "s")
        .add("x-github-brand-new", "n")
        .add("host", "h");

    assertThat(KeptHeaders.keep(headers))
        .containsExactly(
            entry("X-GitHub-Hook-Installation-Target-ID", "1"),
            entry("X-Hub-Signature-256", "s"),
            entry("X-GitHub-Brand-New", "n"));
  }

  @Test
  void theFirstOfTwoValuesIsKept() {
    headers.add("User-Agent", "one").add("user-agent", "two");

    assertThat(KeptHeaders.keep(headers)).containsExactly(entry("User-Agent", "one"));
  }

  @Test
  void whatIsOverlongOrNotPrintableIsLeftOut() {
    headers
        .add("User-Agent", "x".repeat(1025))
        .add("X-GitHub-A", "\u001b[31m")
        .add("X-GitHub-B", "caf\u00e9")
        .add("X-GitHub-" + "c".repeat(60), "long name");

    assertThat(KeptHeaders.keep(headers)).isEmpty();
  }

  @Test
  void theirNumberIsLimited() {
    for (int number = 0; number < 100; number++) {
      headers.add("X-GitHub-" + number, "1");
    }

    assertThat(KeptHeaders.keep(headers)).hasSize(32);
  }
}
