package dev.caravan.delivery.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
  /** As strict as can be, and with the same limits. */
  private static final ObjectMapper JACKSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxNestingDepth(JsonText.MOST_LEVELS).build())
              .build());

  /** What JSON is made of, whole and broken. */
  private static final String[] PIECES =
      String.join(
              " ",
              "{ } [ ] : , \" \\ \\\" \\\\ \\/ \\b \\u00e9 \\ud83d \\ude00 \\u12 \\x \"a\"",
              "\"a\": \"a\":1 \"\\ud83d\\ude00\": \"\\ud83d\": true false null tru nul 0 -0 -",
              "01 1. .5 1.5 1e5 1E+5 1e-5 1e +1 NaN 123456789 é € 😀 {} [] [1]",
              "{\"a\":{\"b\":[]}} x / ' abcdefg")
          .split(" ", -1);

  private static final String[] BLANKS = {
    "\"eight by\":", " ", "\n", "\t", "\r", "\f", "\u0000", "\u001f", "\u007f"
  };

  @Test
  void whatIsMadeAtRandomIsPassedExactlyWhenJacksonReadsIt() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int passed = 0;
    for (int round = 0; round < 200_000; round++) {
      String text = random.nextInt(3) == 0 ? changed(valid(random, 4), random) : valid(random, 4);
      if (random.nextInt(4) == 0) {
        text = scattered(random);
      }
      boolean isPassed = isPassed(text);
      assertThat(isPassed).as("seed " + seed + ": " + text).isEqualTo(isRead(text));
      passed += isPassed ? 1 : 0;
    }
    assertThat(passed).isBetween(20_000, 180_000); // else little was tried
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 15, 16, 17, 63, 64, 65})
  void aStringEndsAtItsQuoteWhereverThatIs(int length) {
    for (int before = 0; before <= length; before++) {
      for (String special : new String[] {"\\n", "\"", "\n", "é", "\u001f", "\\"}) {
        String text = "[\"" + "x".repeat(before) + special + "x".repeat(length - before) + "\"]";

        assertThat(isPassed(text)).as(text).isEqualTo(isRead(text));
      }
    }
  }

  @Test
  void aTextIsReadAsJacksonReadsIt() throws IOException {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      StringBuilder written = new StringBuilder("\"");
      for (int piece = random.nextInt(6); piece > 0; piece--) {
        String[] some = {
          "a",
          "é",
          "😀",
          "\\n",
          "\\\"",
          "\\\\",
          "\\/",
          "\\u00e9",
          "\\uD83D\\uDe00",
          "\\t\\b\\f\\r",
          "12345678"
        };
        written.append(some[random.nextInt(some.length)]);
      }
      written.append('"');
      JsonText json = new JsonText(written.toString().getBytes(UTF_8));

      assertThat(json.passValue()).isEqualTo(JsonText.Kind.TEXT);
      assertThat(json.string().text())
          .isEqualTo(JACKSON.readValue(written.toString(), String.class));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1%s", "-1%s", "0.%s", "-0.%s", "1e%s", "1.5e-%s", "0%s"})
  void aNumberMayHaveAsManyDigitsAsJacksonReads(String pattern) {
    for (int digits : new int[] {1, 2, 3, 997, 998, 999, 1000, 1001, 1002}) {
      // An exponent of zeros is one that is let through.
      String number = pattern.formatted((pattern.contains("e") ? "0" : "1").repeat(digits));

      assertThat(isPassed("[" + number + "]")).as(number).isEqualTo(isRead("[" + number + "]"));
    }
  }

  private static String valid(Random random, int depth) {
    int kind = random.nextInt(depth == 0 ? 3 : 5);
    String[] blanks = {"", "", "", " ", "\n", "\t\r "};
    String blank = blanks[random.nextInt(blanks.length)];
    StringBuilder text = new StringBuilder(blank);
    switch (kind) {
      case 0 ->
          text.append('"')
              .append(random.nextBoolean() ? "twelve bytes" : "\\u00e9é\\n")
              .append('"');
      case 1 -> text.append(random.nextInt()).append(random.nextBoolean() ? ".5e3" : "");
      case 2 -> text.append(random.nextBoolean() ? "null" : "true");
      default -> {
        text.append(kind == 3 ? '[' : '{');
        for (int count = random.nextInt(3), at = 0; at < count; at++) {
          text.append(at == 0 ? "" : ",").append(blank);
          text.append(kind == 3 ? "" : "\"name" + at + "\"" + blank + ":");
          text.append(valid(random, depth - 1));
        }
        text.append(blank).append(kind == 3 ? ']' : '}');
      }
    }
    return text.append(blank).toString();
  }

  /** With a piece too much, or instead of some of it. */
  private static String changed(String text, Random random) {
    int start = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), start + random.nextInt(3));
    return text.substring(0, start) + piece(random) + text.substring(end);
  }

  private static String scattered(Random random) {
    StringBuilder text = new StringBuilder(random.nextBoolean() ? "{" : "[");
    for (int count = random.nextInt(8); count > 0; count--) {
      text.append(piece(random));
    }
    return text.append(random.nextBoolean() ? "}" : "]").toString();
  }

  private static String piece(Random random) {
    String[] some = random.nextInt(6) == 0 ? BLANKS : PIECES;
    return some[random.nextInt(some.length)];
  }

  private static boolean isPassed(String text) {
    try {
      JsonText json = new JsonText(text.getBytes(UTF_8));
      json.passValue();
      return json.isOver();
    } catch (InvalidJsonException e) {
      return false;
    }
  }

  /** By Jackson, and every number in it fits when it is written out. */
  private static boolean isRead(String text) {
    int values = 0;
    int depth = 0;
    try (JsonParser parser = JACKSON.createParser(text.getBytes(UTF_8))) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        values += depth == 0 ? 1 : 0;
        if (token == JsonToken.VALUE_NUMBER_FLOAT
            && Math.abs(parser.getDecimalValue().scale()) > JsonNumber.MOST_DIGITS) {
          return false;
        }
      }
      return values == 1;
    } catch (IOException | NumberFormatException e) {
      return false;
    }
  }
}
