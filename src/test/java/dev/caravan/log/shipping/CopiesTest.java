package dev.caravan.log.shipping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.log.pages.LogPages;
import dev.caravan.log.pages.PageFollower;
import dev.caravan.storage.Places;
import dev.caravan.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A place that is taken over, and what is remembered of it when that fails half way. */
class CopiesTest {
  private static final ShippingOptions OPTIONS =
      new ShippingOptions(Duration.ofSeconds(1), Duration.ofDays(1), 2, 1L << 40);
  private static final String SHARED = "20261126T050000Z-0000abcd";

  @TempDir Path directory;
  private Path folder;
  private Storage place;
  private Instant now = Instant.parse("2026-11-26T05:00:00Z");
  private boolean isListable = true;

  /** A copy of a data directory, whose original has the place and goes away. */
  @BeforeEach
  void prepare() throws IOException {
    folder = Files.createDirectory(directory.resolve("shipping"));
    Path there = Files.createDirectory(directory.resolve("away"));
    place = new SometimesListable(Places.open("file:" + there, "", Map.of()));
    Files.writeString(
        folder.resolve("state"),
        "log=log\nrun=before\nplace=%s\ngeneration=%s\n".formatted(place, SHARED));
    place.putText(
        Ownership.NAME,
        "log=log\nrun=original\nwhere=there\nseen=%s\nbetween=PT10S\n".formatted(now));
  }

  @Test
  void theGenerationOfAPlaceThatIsTakenOverIsForgottenThoughTheNextCannotBegin() throws Exception {
    Copies copies = new Copies(new NoPages(), place, folder, OPTIONS, () -> now, changes());
    assertThatThrownBy(copies::ship).isInstanceOf(PlaceTakenException.class);
    assertThat(Files.readString(folder.resolve("state"))).contains(SHARED);
    now = now.plusSeconds(30);
    isListable = false;

    assertThatThrownBy(copies::ship).hasMessage("away");

    assertThat(Files.readString(folder.resolve("state"))).contains("log").doesNotContain(SHARED);
  }

  private Changes changes() {
    return new Changes(new NoPages(), folder);
  }

  /** Nothing is read of the log before the generation has begun. */
  private static final class NoPages implements LogPages {
    @Override
    public PageFollower follow() throws IOException {
      throw new IOException("no pages");
    }

    @Override
    public String fingerprint() {
      return "";
    }
  }

  private final class SometimesListable implements Storage {
    private final Storage storage;

    SometimesListable(Storage storage) {
      this.storage = storage;
    }

    @Override
    public List<String> list(String prefix) throws IOException {
      if (!isListable) {
        throw new IOException("away");
      }
      return storage.list(prefix);
    }

    @Override
    public void put(String name, Path file) throws IOException {
      storage.put(name, file);
    }

    @Override
    public void putText(String name, String text) throws IOException {
      storage.putText(name, text);
    }

    @Override
    public @Nullable String text(String name) throws IOException {
      return storage.text(name);
    }

    @Override
    public InputStream open(String name) throws IOException {
      return storage.open(name);
    }

    @Override
    public void delete(String name) throws IOException {
      storage.delete(name);
    }

    @Override
    public String toString() {
      return storage.toString();
    }
  }
}
