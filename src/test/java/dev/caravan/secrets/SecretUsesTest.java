package dev.caravan.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.webhook.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretUsesTest {
  @TempDir Path directory;

  @Test
  void aFileThatCannotBeWrittenIsLoggedOnceUntilItCan() throws IOException {
    Path missing = directory.resolve("missing");
    SecretUses uses = new SecretUses(missing.resolve("secret-use"));
    try (CapturedLog log = new CapturedLog("dev.caravan.secrets")) {
      uses.of("test").used(1000);
      uses.write();
      uses.write();
      assertThat(log.lines()).hasSize(1).allMatch(line -> line.contains("cannot be written"));

      Files.createDirectory(missing);
      uses.write();
      assertThat(missing.resolve("secret-use")).content().contains("test=1 ");
      Files.delete(missing.resolve("secret-use"));
      Files.delete(missing);
      uses.of("test").used(1000);
      uses.write();
      assertThat(log.lines()).hasSize(2);
    }
  }
}
