package dev.caravan.log.content;

import java.sql.SQLException;

/** What was read cannot be right, although the database found nothing wrong with it. */
public final class DamagedContentException extends SQLException {
  private static final long serialVersionUID = 1L;

  public DamagedContentException(String found) {
    super(found);
  }
}
