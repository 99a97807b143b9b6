package dev.caravan.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
  @TempDir Path directory;

  @Test
  void aTextReplacesWhatWasThereAndNothingElseIsLeft() throws IOException {
    Path file = directory.resolve("secret");

    DurableFile.write(file, "first\n");
    DurableFile.write(file, "second\n");

    assertThat(file).hasContent("second\n");
    assertThat(directory.toFile().list()).containsExactly("secret");
  }

  @Test
  void nobodyElseCanReadItWhateverAKilledRunHasLeft() throws IOException {
    Path left = Files.writeString(directory.resolve("secret.new"), "hal");
    Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rw-rw-rw-"));

    DurableFile.write(directory.resolve("secret"), "whole\n");

    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("secret"))))
        .isEqualTo("rw-------");
  }

  @Test
  void whatWasThereStaysWhenItCannotBeWritten() throws IOException {
    Path file = directory.resolve("secret");
    DurableFile.write(file, "kept\n");
    Files.createDirectories(directory.resolve("secret.new").resolve("in the way"));

    assertThatThrownBy(() -> DurableFile.write(file, "other\n")).isInstanceOf(IOException.class);
    assertThat(file).hasContent("kept\n");
  }
}
