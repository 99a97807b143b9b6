package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.secrets.Secret;
import dev.caravan.testing.ProgramClasses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
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
      List<String> command =
          new ArrayList<>(
              List.of(
                  "sh",
                  "-c",
                  "GITHUB_WEBHOOK_SECRET=$(printf 'schl\\303\\274ssel') LC_ALL=C exec \"$@\"",
                  "sh"));
      command.addAll(ProgramClasses.command(List.of(), "send", "ping", "--url", receiver.url()));
      Process send =
          new ProcessBuilder(command)
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
}
