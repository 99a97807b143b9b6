package dev.caravan.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogLinesTest {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.test");
  private static final String HOSTILE =
      "a\r\n00:00:00.000 ERROR forged\u001b[2J\u202e \u2028\ud800\t";
  private static final String HARMLESS =
      "a\\r\\n00:00:00.000 ERROR forged\\u001b[2J\\u202e \\u2028\\ud800\\t";

  @Test
  void aMessageIsOneLineWhateverIsInIt() {
    assertThat(text(() -> LOG.info("said {}", HOSTILE)))
        .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  test {20} said .*\n")
        .endsWith(" said " + HARMLESS + "\n");
  }

  @Test
  void aLoggersNameCannotForgeALine() {
    assertThat(text(() -> LoggerFactory.getLogger("a\nb").info("said")))
        .contains(" INFO  a\\nb ")
        .hasLineCount(1);
  }

  @Test
  void aJsonDocumentKeepsItsLinesIndented() {
    assertThat(text(() -> LOG.info("{\n  \"a\" : [ \"\u202e\\n\" ]\n}")))
        .endsWith(" {\n      \"a\" : [ \"\\u202e\\n\" ]\n    }\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\n00:00:00.000 ERROR forged\n}",
        "{}\n{}",
        "[\n1",
        "{\"a\":\"\n\"}",
        "\n{}",
        "\n"
      })
  void whatOnlyLooksLikeJsonIsOneLine(String message) {
    assertThat(text(() -> LOG.info(message)).lines()).hasSize(1);
  }

  @Test
  void anExceptionIsIndentedAndItsMessagesAreHarmless() {
    Exception thrown =
        new IllegalStateException(HOSTILE, new IllegalArgumentException(HOSTILE + "cause"));
    thrown.addSuppressed(new IllegalStateException("x".repeat(9999)));

    List<String> lines = text(() -> LOG.error("failed", thrown)).lines().toList();

    assertThat(lines.get(0)).endsWith(" failed");
    assertThat(lines.get(1)).isEqualTo("    java.lang.IllegalStateException: " + HARMLESS);
    assertThat(lines)
        .contains("    Caused by: java.lang.IllegalArgumentException: " + HARMLESS + "cause");
    assertThat(lines.subList(1, lines.size()))
        .allMatch(line -> line.matches(" {4,12}(at|Suppressed:|Caused by:|java\\.).*"))
        .allMatch(line -> line.length() < 2100);
  }

  @Test
  void anExceptionThatCausesItselfEnds() {
    Exception first = new IllegalStateException("first");
    first.initCause(new IllegalStateException("second", first));

    assertThat(text(() -> LOG.error("failed", first))).containsOnlyOnce("Caused by");
  }

  @Test
  void aLineSaysWhichDeliveryItIsAboutAndTheNextOneDoesNot() {
    LinesAbout delivery = new LinesAbout("72d3162e", "push", "acme/rocket");

    assertThat(text(() -> delivery.during(() -> LOG.info("got it"))))
        .endsWith(" [push acme/rocket 72d3162e] got it\n");
    assertThat(text(() -> LOG.info("idle"))).doesNotContain("[");
    assertThat(text(() -> new LinesAbout("1", "ping", null).during(() -> LOG.info("got it"))))
        .endsWith(" [ping 1] got it\n");
  }

  @Test
  void linesAfterANestedDeliveryNameTheOuterOneAgain() {
    LinesAbout outer = new LinesAbout("1", "push", "acme/rocket");
    LinesAbout inner = new LinesAbout("2", "ping", null);

    assertThat(
            text(
                () ->
                    outer.during(
                        () -> {
                          inner.during(() -> LOG.info("inner"));
                          LOG.info("outer");
                        })))
        .contains("[ping 2] inner\n")
        .contains("[push acme/rocket 1] outer\n");
  }

  @Test
  void inJsonALineIsOneObject() {
    LinesAbout delivery = new LinesAbout("72d3162e", "push", "acme/rocket");
    String printed =
        json(() -> delivery.during(() -> LOG.warn("said {}", HOSTILE, new Exception(HOSTILE))));

    assertThat(printed).endsWith("}\n").hasLineCount(1);
    JsonObject line = new JsonObject(printed);
    assertThat(line.fieldNames())
        .containsExactly(
            "time", "level", "logger", "delivery", "event", "repository", "message", "exception");
    assertThat(line.getInstant("time")).isNotNull();
    assertThat(line.getString("level")).isEqualTo("WARN");
    assertThat(line.getString("logger")).isEqualTo("dev.caravan.test");
    assertThat(line.getString("delivery")).isEqualTo("72d3162e");
    assertThat(line.getString("message"))
        .isEqualTo("said " + HOSTILE.replace('\ud800', '?')); // half a character
    assertThat(line.getString("exception")).startsWith("    java.lang.Exception: " + HARMLESS);
  }

  @Test
  void jsonIsChosenWithoutReadingTheConfigurationAgain() {
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    try {
      LogFormat.TEXT.use();
      Configuration read = context.getConfiguration();

      LogFormat.JSON.use();

      assertThat(context.getConfiguration()).isSameAs(read);
      assertThat(read.getRootLogger().getAppenders()).containsOnlyKeys("json");
      LogFormat.TEXT.use();
      assertThat(read.getRootLogger().getAppenders()).containsOnlyKeys("text");
    } finally {
      context.reconfigure(); // as all tests have it
    }
  }

  @Test
  void inJsonALineAboutNoDeliveryHasNoFieldsOfOne() {
    assertThat(new JsonObject(json(() -> LOG.info("idle"))).fieldNames())
        .containsExactly("time", "level", "logger", "message");
  }

  @Test
  void aFormatThatDoesNotExistIsRefused() {
    assertThatThrownBy(() -> LogFormat.of(new Settings(Map.of("caravan.log.format", "xml"))))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage("caravan.log.format is 'xml', which is not text or json.");
  }

  @Test
  void whileTheProgramTracesALineNamesItsSpanAndNoLineAfterIt() {
    LinesAbout delivery = new LinesAbout("1", "push", "acme/rocket");
    LinesAbout traced = delivery.in(new LinesAbout.Trace("4bf92f35", "00f067aa"));
    Runnable lines =
        () -> {
          traced.during(() -> LOG.info("within"));
          LOG.info("after");
          traced.during(() -> delivery.during(() -> LOG.info("a step")));
          traced.during(() -> LinesAbout.NOTHING.during(() -> LOG.info("nothing")));
        };

    assertThat(text(() -> delivery.during(lines)).lines())
        .satisfiesExactly(
            line -> assertThat(line).endsWith("[push acme/rocket 1 4bf92f35] within"),
            line -> assertThat(line).endsWith("[push acme/rocket 1] after"),
            line -> assertThat(line).endsWith("[push acme/rocket 1 4bf92f35] a step"),
            line -> assertThat(line).doesNotContain("[push"));
  }

  private static String text(Runnable logging) {
    return printed(LogFormat.TEXT, logging);
  }

  private static String json(Runnable logging) {
    return printed(LogFormat.JSON, logging);
  }

  private static String printed(LogFormat format, Runnable logging) {
    try (PrintedLog log = new PrintedLog(format)) {
      logging.run();
      return log.text();
    }
  }
}
