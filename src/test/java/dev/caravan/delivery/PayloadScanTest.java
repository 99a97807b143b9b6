package dev.caravan.delivery;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadScanTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void aPayloadSaysWhatItIsAbout() {
    Delivery.Subject subject =
        read(
            """
            {"action": "opened", "number": 12, "installation": {"id": 9007199254740993},
             "pull_request": {"number": 12, "head": {"repo": {"full_name": "fork/it"}}},
             "repository": {"owner": {"login": "x"}, "full_name": "acme/site"},
             "organization": {"login": "acme"}, "sender": {"login": "octocat", "id": 1}}
            """);

    assertThat(subject)
        .isEqualTo(
            new Delivery.Subject(
                "opened", "acme/site", "acme", "9007199254740993", "octocat", "#12"));
  }

  @Test
  void aPayloadThatNamesNothingIsFine() {
    assertThat(read("{}")).isEqualTo(Delivery.Subject.NONE);
    assertThat(read(" {\"zen\": \"Design for failure.\", \"hook\": {\"id\": 1}} \n"))
        .isEqualTo(Delivery.Subject.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'number':1,'issue':{'number':2},'ref':'r'}|#1",
        "{'issue':{'number':2},'pull_request':{'number':3}}|#2",
        "{'pull_request':{'number':3},'ref':'r'}|#3",
        "{'ref':'refs/heads/main'}|refs/heads/main",
        "{'ref':'main','ref_type':'branch'}|refs/heads/main",
        "{'ref_type':'tag','ref':'v1'}|refs/tags/v1",
        "{'ref':'heads/x','ref_type':'branch'}|refs/heads/heads/x",
        "{'ref':'refs/heads/main','ref_type':'branch'}|refs/heads/main",
        "{'ref':null,'ref_type':'repository'}|",
        "{'ref':'main','ref_type':'wiki'}|main",
        "{'number':'1'}|",
        "{'number':1.5}|",
        "{'commits':[{'number':1,'ref':'x'}]}|",
      })
  void theThreadIsANumberOrElseARef(String payload, String thread) {
    assertThat(read(payload.replace('\'', '"')).thread()).isEqualTo(thread);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'repository':{'full_name':'a/a'},'repository':{'full_name':'b/b'}}|b/b",
        "{'repository':{'full_name':'a/a','full_name':'b/b'}}|b/b",
        "{'repository':{'full_name':'a/a','full_name':null}}|",
        "{'repository':{'full_name':'a/a'},'repository':null}|",
        "{'repository':{'full_name':'a/a'},'repository':'b/b'}|",
        "{'repository':{'full_name':'a/a'},'repository':[{'full_name':'b/b'}]}|",
        "{'repository':{'full_name':'a/a'},'repository':{}}|",
        "{'repository':{'full_name':{'full_name':'a/a'}}}|",
        "{'\\u0072epository':{'full_n\\u0061me':'a/a'}}|a/a",
      })
  void theLastOfANameCountsAsInTheMapARouteWillSee(String payload, String repository)
      throws IOException {
    String json = payload.replace('\'', '"');

    assertThat(read(json).repository()).isEqualTo(repository);
    Map<?, ?> map = new ObjectMapper(PayloadJson.factory()).readValue(json, Map.class);
    Object name = map.get("repository") instanceof Map<?, ?> inner ? inner.get("full_name") : null;
    assertThat(name instanceof String ? name : null).isEqualTo(repository);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\\nb",
        "a\\rb",
        "a\\u0000b",
        "\\u001b[31m",
        "a\\u2028b",
        "a\\u202eb",
        "\\ud800",
        ""
      })
  void aValueThatCouldShapeALogLineIsNotThere(String value) {
    assertThat(read("{\"action\":\"" + value + "\",\"ref\":\"" + value + "\"}"))
        .isEqualTo(Delivery.Subject.NONE);
  }

  @Test
  void aValueOfMoreThan256LettersIsNotThere() {
    assertThat(read("{\"action\":\"" + "x".repeat(256) + "\"}").action()).hasSize(256);
    assertThat(read("{\"action\":\"" + "x".repeat(257) + "\"}").action()).isNull();
    assertThat(read("{\"number\":" + "1".repeat(300) + "}").thread()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "1",
        "\"{}\"",
        "[]",
        "[{}]",
        "{}{}",
        "{} x",
        "{},",
        "{",
        "}",
        "{\"a\"}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1,}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{/**/}",
        "{\"a\":\"\n\"}",
        "{\"a\":tru}",
        "{\"a\":\"\\x\"}",
        "{\u0000}",
        "\ufeff{}",
      })
  void whatIsNotOneJsonObjectIsRejected(String payload) {
    assertThatThrownBy(() -> read(payload)).isInstanceOf(InvalidPayloadException.class);
  }

  @Test
  void otherEncodingsAreRejected() {
    for (Charset charset :
        new Charset[] {
          UTF_16, UTF_16BE, UTF_16LE, Charset.forName("UTF-32BE"), Charset.forName("UTF-32LE")
        }) {
      assertThatThrownBy(() -> PayloadScan.read("{\"a\":1}".getBytes(charset), "any"))
          .as(charset.name())
          .isInstanceOf(InvalidPayloadException.class);
    }
    assertThatThrownBy(
            () ->
                PayloadScan.read(
                    new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'}, "any"))
        .hasMessage("The payload is not UTF-8");
  }

  @Test
  void nestingIsLimitedToSixtyFourLevels() {
    assertThat(read(nested(63))).isEqualTo(Delivery.Subject.NONE);
    assertThatThrownBy(() -> read(nested(64))).hasMessageContaining("nested deeper than 64");
    assertThatThrownBy(() -> read("{\"a\":" + "[".repeat(5_000_000)))
        .hasMessageContaining("nested deeper than 64");
  }

  /** Smaller ones are not measured; log-events and the pages write them with blanks. */
  @Test
  void aPayloadOf64KiBIsNeverMoreThan5MiBWhenIndented() throws IOException {
    ObjectMapper json = new ObjectMapper(PayloadJson.factory());
    for (int levels : new int[] {10, 60, 300, 900}) {
      String start = "{\"n\":".repeat(levels) + "[";
      String end = "1]" + "}".repeat(levels);
      int elements = (64 * 1024 - start.length() - end.length()) / 8;
      String payload = start + "{\"a\":1},".repeat(elements) + end;
      if (isTaken(payload)) {
        assertThat(json.readTree(payload).toPrettyString().length())
            .as(levels + " levels")
            .isLessThan(5 << 20);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e2147483648",
        "-1e-2147483648",
        "1e99999999999999999999",
        "1e1001",
        "1.5e1002",
        "1e-1001"
      })
  void aNumberOfMoreThanOneThousandDigitsIsRejectedHoweverItIsWritten(String number) {
    for (String value : List.of(number, "[" + number + "]", "{\"number\":" + number + "}")) {
      for (String name : List.of("any", "number", "issue", "action", "repository")) {
        assertThatThrownBy(() -> read("{\"" + name + "\":" + value + "}"))
            .as(name + " " + value)
            .isInstanceOf(InvalidPayloadException.class)
            .hasMessage("The payload has a number of more than 1000 digits");
      }
    }
  }

  @Test
  void aNumberOfOneThousandDigitsIsFine() {
    assertThat(read("{\"any\":[1e1000,-1.5e1000,1e-1000,0.5e-999]}"))
        .isEqualTo(Delivery.Subject.NONE);
  }

  @Test
  void aNumberIsNamedAsARouteWillSeeIt() {
    assertThat(read("{\"number\":-0,\"installation\":{\"id\":-0}}"))
        .isEqualTo(new Delivery.Subject(null, null, null, "0", null, "#0"));
  }

  @Test
  void theErrorDoesNotRepeatThePayload() {
    assertThatThrownBy(() -> read("{\"a\": <script>}")).hasMessage("The payload is not valid JSON");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'|\\n|':1}",
        "{'|\\ud83d\\ude00|':1}",
        "{'€|\\u00e9|':1}",
        "{'action':'|\\n|'}",
        "{'ref':'€|\\n|'}",
        "{'sender':{'login':'|x|'}}",
        "{'changes':{'login':{'from':'|€|'}}}"
      })
  void readingTakesLessMemoryThanThePayloadHasWhateverIsInIt(String shape) {
    String[] parts = shape.replace('\'', '"').split("\\|", -1);
    StringBuilder payload = new StringBuilder(parts[0]);
    for (int part = 1; part < parts.length; part++) {
      payload.append(
          part % 2 == 0 ? parts[part] : parts[part].repeat(500_000 / parts[part].length()));
    }
    byte[] bytes = payload.toString().getBytes(UTF_8);
    PayloadScan.read(bytes, "any"); // loads classes

    long before = THREADS.getCurrentThreadAllocatedBytes();
    PayloadScan.read(bytes, "any");
    long taken = THREADS.getCurrentThreadAllocatedBytes() - before;

    assertThat(taken).isLessThan(bytes.length);
  }

  private static boolean isTaken(String payload) {
    try {
      read(payload);
      return true;
    } catch (InvalidPayloadException e) {
      return false;
    }
  }

  private static String nested(int levels) {
    return "{\"a\":" + "[".repeat(levels) + "]".repeat(levels) + "}";
  }

  private static Delivery.Subject read(String payload) {
    PayloadFacts facts = PayloadScan.read(payload.getBytes(UTF_8), "any");
    return new Delivery.Subject(
        facts.action(),
        facts.repository(),
        facts.organization(),
        facts.installation(),
        facts.sender(),
        facts.thread());
  }
}
