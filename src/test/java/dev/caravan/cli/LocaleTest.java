package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.secrets.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process whose locale cannot express what its environment holds. */
@EnabledOnOs(OS.LINUX)
class LocaleTest {
  @TempDir private Path directory;

  @Test
  void aSecretWithAnUmlautIsTheSameWhateverTheLocale() throws Exception {
    try (Receiver receiver = new Receiver()) {
      Path java = Path.of(System.getProperty("java.home"), "bin", "java");
      Process send =
          new ProcessBuilder(
                  "sh",
                  "-c",
                  "GITHUB_WEBHOOK_SECRET=$(printf 'schl\\303\\274ssel') LC_ALL=C exec \"$@\"",
                  "sh",
                  java.toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  classPath(),
                  "dev.caravan.Caravan",
                  "send",
                  "ping",
                  "--url",
                  receiver.url())
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("output").toFile())
              .start();
      send.waitFor();

      assertThat(receiver.received()).as(Files.readString(directory.resolve("output"))).hasSize(1);
      byte[] body = receiver.only().body();
      byte[] signature = new Secret("schl\u00fcssel").hmacSha256(body);
      assertThat(receiver.only().header("X-Hub-Signature-256"))
          .isEqualTo("sha256=" + HexFormat.of().formatHex(signature));
    }
  }

  /** The working directory is another one, so relative parts would point elsewhere. */
  private static String classPath() {
    StringBuilder absolute = new StringBuilder();
    for (String part : System.getProperty("java.class.path").split(":", -1)) {
      absolute.append(Path.of(part).toAbsolutePath()).append(':');
    }
    return absolute.toString();
  }
}
