package dev.caravan.ingress.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.caravan.delivery.FormBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a body may have been before something on its way from GitHub changed it.
 *
 * @param how what was done to it, as the end of a sentence after "on its way"
 * @param body the bytes as GitHub may have signed them
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ChangedBody(String how, byte[] body) {
  /** The most that {@link #of} returns. */
  static final int MOST = 6;

  private static final JsonFactory JSON = new JsonFactory();
  private static final String FOR_HTML = "<>&";

  /** All that it may have been, the most usual first. */
  static List<ChangedBody> of(byte[] body, boolean isForm) {
    // One char for each byte: every byte can be restored.
    String text = new String(body, ISO_8859_1);
    List<ChangedBody> found = new ArrayList<>();
    add(found, body, "a line break or blank was added at its end", text.stripTrailing());
    add(found, body, "the line break at its end was dropped", text + "\n");
    add(found, body, "its line breaks became CRLF", text.replace("\r\n", "\n"));
    if (isForm) {
      add(found, body, "its form was encoded again", form(payload(body)));
    } else {
      String rewritten = "its JSON was read and written again";
      add(found, body, rewritten, json(body, JSON.copy()));
      add(found, body, rewritten, json(body, JSON.copy().setCharacterEscapes(new ForHtml())));
      add(found, body, "the form that GitHub sends it in was unpacked", form(body));
    }
    return found;
  }

  private static void add(
      List<ChangedBody> found, byte[] body, String how, @Nullable String original) {
    if (original != null) {
      byte[] bytes = original.getBytes(ISO_8859_1);
      if (!Arrays.equals(bytes, body)
          && found.stream().noneMatch(other -> Arrays.equals(bytes, other.body))) {
        found.add(new ChangedBody(how, bytes));
      }
    }
  }

  private static byte @Nullable [] payload(byte[] form) {
    try {
      return FormBody.payload(form);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable String form(byte @Nullable [] payload) {
    return payload == null
        ? null
        : "payload=" + URLEncoder.encode(new String(payload, UTF_8), UTF_8);
  }

  /** The same document without blanks: numbers as they are, texts as the factory writes them. */
  private static @Nullable String json(byte[] body, JsonFactory factory) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length);
    try (JsonParser parser = JSON.createParser(body);
        JsonGenerator generator = factory.createGenerator(bytes)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isNumeric()) {
          generator.writeNumber(parser.getText());
        } else {
          generator.copyCurrentEvent(parser);
        }
      }
    } catch (IOException e) {
      return null; // no JSON
    }
    return bytes.toString(ISO_8859_1);
  }

  /** {@code <}, {@code >} and {@code &} as some servers write them, for pages that embed JSON. */
  private static final class ForHtml extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] escapes = standardAsciiEscapesForJSON();
      FOR_HTML.chars().forEach(each -> escapes[each] = CharacterEscapes.ESCAPE_CUSTOM);
      return escapes;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return FOR_HTML.indexOf(character) < 0 // it is asked for whatever is not ASCII, too
          ? null
          : new SerializedString("\\u%04x".formatted(character));
    }
  }
}
