package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStorageTest {
  @TempDir Path directory;

  /** A folder of another service's, on the same disk, which is none of ours to read. */
  @Test
  void whatOthersKeepBesideItIsNotLookedInto() throws Exception {
    Storage storage = Places.open("file:" + directory, "", Map.of());
    storage.putText("owner", "ours");
    storage.putText("20261127T030405Z-0123abcd/1", "ours");
    Files.createSymbolicLink(directory.resolve("postgres"), Path.of("postgres"));

    assertThat(storage.list("")).containsExactly("20261127T030405Z-0123abcd/1", "owner");
  }

  /** It may have gigabytes, and whoever writes on does so under other names. */
  @Test
  void whatAKillLeftHalfWrittenIsDeletedByTheNextProgramThatWrites() throws Exception {
    Places.open("file:" + directory, "", Map.of()).putText("20261127T030405Z-0123abcd/1", "ours");
    Path left = directory.resolve("20261127T030405Z-0123abcd").resolve("2.part");
    Files.writeString(left, "half of it");
    Path others = Files.writeString(directory.resolve("film.part"), "of somebody else");
    Storage storage = Places.open("file:" + directory, "", Map.of());
    assertThat(storage.list("")).containsExactly("20261127T030405Z-0123abcd/1");
    assertThat(left).as("to who only reads").exists();

    storage.putText("owner", "ours");

    assertThat(left).doesNotExist();
    assertThat(others).exists();
  }
}
