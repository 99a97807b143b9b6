package dev.caravan.log.sqlite.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldFileTest {
  @TempDir Path directory;

  /** Or SQLite's locks on the log would be gone, and every later backup would fail. */
  @Test
  void anInterruptLeavesTheFileOpen() throws Exception {
    Path file = Files.writeString(directory.resolve("log.db"), "pages");
    try (HeldFile held = new HeldFile(file)) {
      ByteBuffer content = ByteBuffer.allocate(10);
      Thread.currentThread().interrupt();
      try {
        held.read(content, 1);
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }

      assertThat(new String(content.array(), 0, content.position(), "US-ASCII")).isEqualTo("ages");
      assertThat(held.size()).isEqualTo(5);
    }
  }
}
