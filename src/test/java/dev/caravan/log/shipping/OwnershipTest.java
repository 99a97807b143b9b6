package dev.caravan.log.shipping;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.storage.Places;
import dev.caravan.storage.Storage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnershipTest {
  @TempDir Path place;
  private Instant now = Instant.parse("2026-11-26T05:00:00Z");

  /** A copy of a data directory has the log's id, too. */
  @Test
  void twoProgramsWithOneLogDoNotTakeTurns() throws Exception {
    Storage storage = Places.open("file:" + place, "", Map.of());
    Ownership original = new Ownership(storage, "log", () -> now);
    Ownership copy = new Ownership(storage, "log", () -> now);
    original.check();
    copy.check();

    for (int minute = 0; minute < 20; minute++) {
      now = now.plus(Duration.ofMinutes(2));
      assertThatThrownBy(original::check).isInstanceOf(PlaceTakenException.class);
      assertThatThrownBy(original::check).isInstanceOf(PlaceTakenException.class);
      copy.check();
    }

    now = now.plus(Duration.ofMinutes(11));
    original.check();
    assertThatThrownBy(copy::check).isInstanceOf(PlaceTakenException.class);
  }
}
