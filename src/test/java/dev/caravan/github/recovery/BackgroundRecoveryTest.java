package dev.caravan.github.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.SettingSources;
import dev.caravan.config.Settings;
import dev.caravan.github.FakeGitHub;
import dev.caravan.github.api.RateLimits;
import dev.caravan.log.subscription.EventFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often GitHub is asked by a program that nobody watches. */
class BackgroundRecoveryTest {
  private static final Duration FIRST = Duration.ofMillis(50);

  @TempDir Path directory;

  @Test
  void anOwnerWhoNeverHasAHookIsAskedForLessAndLessOften() {
    try (FakeGitHub gitHub = new FakeGitHub()) {
      gitHub.hooks().addOwner("acme/rocket");
      Map<String, String> all =
          new TreeMap<>(new SettingSources(Map.of()).read(null, Map.of()).all());
      all.put("caravan.github.api", gitHub.url());
      all.put("caravan.github.pause", "0s");
      all.put("caravan.github.hooks", "acme/rocket");
      long begin = System.nanoTime();
      BackgroundRecovery recovery =
          new BackgroundRecovery(
              new Settings(all),
              Map.of("GITHUB_TOKEN", FakeGitHub.TOKEN),
              new NothingHere(),
              directory.resolve("github-recover"),
              new RateLimits(),
              new RecoveryFindings(),
              new RecoverySchedule(true, null),
              FIRST);
      try {
        await().until(() -> gitHub.requests("GET", "/hooks").size() >= 5);
      } finally {
        recovery.close();
      }

      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isGreaterThan(FIRST.multipliedBy(1 + 2 + 4 + 8));
    }
  }

  private static final class NothingHere implements ReceivingSide {
    @Override
    public Set<String> known(Collection<String> guids) {
      return Set.of();
    }

    @Override
    public List<EventFilter> wanted() {
      return List.of();
    }

    @Override
    public Collection<String> broken() {
      return List.of();
    }
  }
}
