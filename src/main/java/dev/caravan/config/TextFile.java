package dev.caravan.config;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that people write: UTF-8, with or without the mark that some editors put first, or UTF-16
 * with its mark, as {@code >} writes it in older PowerShells.
 */
public final class TextFile {
  private static final char MARK = '\uFEFF';

  private TextFile() {}

  /**
   * Its text, without the mark.
   *
   * @throws NotUtf8Exception when it is in another encoding
   */
  public static String read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try {
      String text = encoding(bytes).newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return !text.isEmpty() && text.charAt(0) == MARK ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new NotUtf8Exception(firstBadLine(bytes));
    }
  }

  private static Charset encoding(byte[] bytes) {
    if (bytes.length >= 2 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE) {
      return UTF_16LE;
    }
    return bytes.length >= 2 && bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF
        ? UTF_16BE
        : UTF_8;
  }

  private static int firstBadLine(byte[] bytes) {
    String replaced = new String(bytes, encoding(bytes));
    int bad = Math.max(0, replaced.indexOf('\uFFFD'));
    return 1 + (int) replaced.substring(0, bad).chars().filter(each -> each == '\n').count();
  }
}
