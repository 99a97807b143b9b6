package dev.caravan.files;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import org.junit.jupiter.api.Test;

class DirectoryTest {
  @Test
  void aDirectoryThatCannotBeReadToItsEndIsReportedAsOneThatCannotBeOpened() {
    IOException broken = new IOException("Stale file handle");

    assertThatThrownBy(() -> Directory.all(failing(broken))).isSameAs(broken);
  }

  private static DirectoryStream<Path> failing(IOException failure) {
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            throw new DirectoryIteratorException(failure);
          }

          @Override
          public Path next() {
            throw new AssertionError("there is none");
          }
        };
      }

      @Override
      public void close() {}
    };
  }
}
