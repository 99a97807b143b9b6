package dev.caravan.log.sqlite.file;

import dev.caravan.log.content.DamagedContentException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Distinguishes a damaged file from other trouble, and says what can be done about it. */
public final class Damage {
  /** The lower byte is the error; the bytes above tell more about it. */
  private static final int ERROR = 0xFF;

  private Damage() {}

  /** Whether this failure means that the file contains what no log can contain. */
  public static boolean is(Throwable failure) {
    if (failure instanceof DamagedContentException) {
      return true;
    }
    if (!(failure instanceof SQLException sql)) {
      return false;
    }
    int code =
        sql instanceof SQLiteException sqlite ? sqlite.getResultCode().code : sql.getErrorCode();
    return (code & ERROR) == SQLiteErrorCode.SQLITE_CORRUPT.code
        || (code & ERROR) == SQLiteErrorCode.SQLITE_NOTADB.code;
  }

  /** Whether SQLite itself found the damage: writing on may lose the write, or do more damage. */
  public static boolean isOfTheFile(Throwable failure) {
    return failure instanceof SQLiteException && is(failure);
  }

  /** What has happened and what to do, for the user. */
  public static String sentence(Path file, String found) {
    return ("The delivery log %s is damaged (%s). Stop Caravan and keep a copy of the directory; then restore the file, or save"
            + " what can be read with: caravan log salvage --data %s"
            + " (or move it away, with its -wal and -shm, to begin with an empty log).")
        .formatted(file, found.strip().replaceAll("\\s+", " "), file.toAbsolutePath().getParent());
  }
}
