package dev.caravan.log.sqlite.commit;

import dev.caravan.log.sqlite.file.Checkpointer;
import dev.caravan.log.sqlite.file.Damage;
import dev.caravan.log.sqlite.file.LogFileException;
import dev.caravan.log.sqlite.file.OpenFiles;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Whether the log's file may be written to: it is in its place, has not been found damaged, and no
 * checkpoint of it has failed.
 */
public final class FileHealth {
  private final OpenFiles files;
  private final Checkpointer checkpointer;
  private final Reopening reopening;
  private @Nullable SQLException announced;
  private volatile @Nullable SQLException damage;

  public FileHealth(OpenFiles files, Checkpointer checkpointer, Reopening reopening) {
    this.files = files;
    this.checkpointer = checkpointer;
    this.reopening = reopening;
  }

  /**
   * Called by the committer before each transaction. What can be repaired is reported at one call,
   * and repaired at the next.
   *
   * @throws SQLException why nothing may be written
   */
  void check() throws SQLException {
    SQLException found = damage;
    if (found != null) {
      throw found; // for good: writing into a damaged file may lose the write, or do more damage
    }
    files.check();
    LogFileException failure = checkpointer.failure();
    if (failure != null) {
      if (failure != announced) {
        announced = failure;
        throw failure;
      }
      reopening.run();
    }
  }

  /** Takes note of a failure; returns whether it is damage, after which nothing may be written. */
  public boolean met(Throwable failure) {
    boolean damaged = Damage.isOfTheFile(failure);
    if (damaged && damage == null) {
      damage = (SQLException) failure;
    }
    return damaged;
  }

  public boolean isDamaged() {
    return damage != null;
  }
}
