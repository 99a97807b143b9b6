package dev.caravan.config;

import java.io.IOException;

/** A file is not in the expected encoding. The message continues after the file's name. */
public final class NotUtf8Exception extends IOException {
  private static final long serialVersionUID = 1L;

  NotUtf8Exception(int line) {
    super("is not UTF-8 in line %d; save it in that encoding".formatted(line));
  }
}
