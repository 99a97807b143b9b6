package dev.caravan.log.sqlite.file;

import dev.caravan.log.reading.ReadFailures;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Says what to do about a damaged payload; the committer reports a damaged file. */
public final class FileReadFailures extends ReadFailures {
  private final Path file;

  public FileReadFailures(Path file) {
    this.file = file;
  }

  @Override
  protected boolean isForGood(Throwable cause) {
    return Damage.is(cause);
  }

  @Override
  protected @Nullable String sentence(Throwable cause) {
    if (Damage.isOfTheFile(cause)) {
      return null;
    }
    return Damage.is(cause)
        ? Damage.sentence(file, String.valueOf(cause.getMessage()))
        : super.sentence(cause);
  }
}
