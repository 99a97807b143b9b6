package dev.caravan.github.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.subscription.EventFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What counts as missing after a recovery. */
class RecoveryFindingsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final Set<String> log = new HashSet<>();
  private final RecoveryFindings findings = new RecoveryFindings();

  @Test
  void aDeliveryThatArrivesLaterIsNoLongerMissing() {
    findings.add(notFound("one", "two", "three"), new Side(), NOW);
    assertThat(findings.missing(NOW)).isEqualTo(3);

    log.add("two");
    assertThat(findings.missing(NOW)).isEqualTo(2);

    log.addAll(List.of("one", "three"));
    assertThat(findings.missing(NOW)).isZero();
  }

  @Test
  void aDeliveryThatGitHubHasForgottenIsNoLongerMissing() {
    findings.add(notFound("one"), new Side(), NOW);

    assertThat(findings.missing(NOW.plus(Duration.ofHours(71)))).isEqualTo(1);
    assertThat(findings.missing(NOW.plus(Duration.ofHours(73)))).isZero();
  }

  private static RecoveryReport notFound(String... guids) {
    List<StillMissing> missing =
        List.of(guids).stream()
            .map(guid -> new StillMissing(guid, "push", null, NOW, "it does not come"))
            .toList();
    return new RecoveryReport(guids.length, 0, 0, guids.length, 0, missing);
  }

  private final class Side implements ReceivingSide {
    @Override
    public Set<String> known(Collection<String> guids) {
      Set<String> known = new HashSet<>(guids);
      known.retainAll(log);
      return known;
    }

    @Override
    public List<EventFilter> wanted() {
      return List.of();
    }

    @Override
    public List<String> broken() {
      return List.of();
    }
  }
}
