package dev.caravan.log.pages;

import java.io.IOException;

/** Commits were overwritten before they could be copied: the copy begins again. */
public final class FellBehindException extends IOException {
  private static final long serialVersionUID = 1L;

  public FellBehindException() {
    super("the log was written to faster than it could be copied");
  }
}
