package dev.caravan.log.sqlite.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/** That the driver finds SQLite where we put it, and need not look for itself. */
class SqliteLibraryTest {
  private static final String PLACE = "org.sqlite.lib.path";

  @TempDir Path directory;

  @Test
  @EnabledOnOs(OS.LINUX)
  void sqliteIsUnpackedToWhereItsDriverLooksFirst() throws IOException {
    String before = System.clearProperty(PLACE);
    try {
      SqliteLibrary.unpackInto(directory);

      assertThat(System.getProperty(PLACE)).isEqualTo(directory.toString());
      assertThat(directory.resolve(LibraryLoaderUtil.getNativeLibName())).isNotEmptyFile();
    } finally {
      System.clearProperty(PLACE);
      if (before != null) {
        System.setProperty(PLACE, before);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86_64", "aarch64"})
  void theDriversJarHasItUnderTheNamesThatWeLookFor(String processor) throws IOException {
    try (InputStream library =
        SQLiteJDBCLoader.class.getResourceAsStream(
            "native/Linux/" + processor + "/libsqlitejdbc.so")) {
      assertThat(library).isNotNull();
    }
  }
}
