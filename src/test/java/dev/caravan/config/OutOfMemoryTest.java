package dev.caravan.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A program that has run out of memory ends, for its supervisor to start it again. */
class OutOfMemoryTest {
  @Test
  void aThreadThatEndsForLackOfMemoryEndsTheProgramWithAnExitCode() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx16m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Greedy.class.getName())
            .redirectErrorStream(true)
            .start();

    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isEqualTo(3);
    assertThat(output).contains("Memory has run out, so the program ends.");
  }

  /** Takes all memory in one thread while another would keep the program alive. */
  static final class Greedy {
    private Greedy() {}

    public static void main(String[] args) throws InterruptedException {
      OutOfMemory.endsProgramOfAnyThread();
      new Thread(
              () -> {
                List<byte[]> all = new ArrayList<>();
                while (all.size() < Integer.MAX_VALUE) {
                  all.add(new byte[1 << 20]);
                }
              })
          .start();
      TimeUnit.SECONDS.sleep(15);
    }
  }
}
