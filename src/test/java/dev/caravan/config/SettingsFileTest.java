package dev.caravan.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings files as people and their editors write them: read as they are meant, or refused. */
class SettingsFileTest {
  @TempDir private Path folder;

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstKey() throws IOException {
    assertThat(read("\uFEFFcaravan.secret = abc\r\n", UTF_8).text("caravan.secret"))
        .isEqualTo("abc");
    assertThat(read("\uFEFFcaravan.secret = \u00e4bc\r\n", UTF_16LE).text("caravan.secret"))
        .isEqualTo("\u00e4bc");
  }

  @Test
  void anotherEncodingIsRefusedWithTheLine() {
    assertThatThrownBy(() -> read("# one\ncaravan.secret = schl\u00fcssel\n", ISO_8859_1))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageEndingWith("settings is not UTF-8 in line 2; save it in that encoding.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "caravan.secret = p\\ass",
        "caravan.secret=p\\nass",
        "caravan.secret: p\\user",
        "caravan.secret = p\\$ass",
        "caravan.secret = ends with one\\",
        "caravan.secret = \\\\three\\\\\\",
        "caravan.secrets.a = p\\tass",
        "caravan.data = C:\\caravan\\data",
        "caravan.routes = C:\\new",
        "caravan.allow = github, \\\n 10.0.0.0/8\\d",
        "my.path = C:\\d",
        "camel.component.kafka.password = p\\hidden",
      })
  void aBackslashThatWouldBeLostIsRefusedWithTheLine(String setting) {
    assertThatThrownBy(() -> read("# \\d\n\n" + setting + "\n", UTF_8))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageMatching(
            "(?s).*settings:[34]: the backslash in "
                + setting.split("[=:\\s]", 2)[0].replace(".", "\\.")
                + " is taken for the beginning of an escape. Write \\\\\\\\ for a backslash\\.")
        .hasMessageNotContainingAny("hidden", "three", "p\\");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "caravan.secret = p\\\\ass | caravan.secret | p\\ass",
        "caravan.secret = \\u00fc | caravan.secret | \u00fc",
        "caravan.data = C\\:/x | caravan.data | C:/x",
        "my.message = a\\:\\#b | my.message | a:#b",
      })
  void anEscapeThatMakesSenseIsRead(String setting, String key, String value) throws IOException {
    assertThat(read(setting, UTF_8).text(key)).isEqualTo(value);
  }

  @Test
  void aLineMayContinueOnTheNext() throws IOException {
    assertThat(read("caravan.allow = github,\\\n  ::1/128", UTF_8).text("caravan.allow"))
        .isEqualTo("github,::1/128");
    assertThat(read("my.text = a\\tb", UTF_8).text("my.text")).isEqualTo("a\tb");
  }

  @Test
  void anEmptyVariableIsNoValue() throws IOException {
    Files.writeString(folder.resolve("settings"), "caravan.allow = ::1/128");

    Settings settings =
        new SettingSources(
                Map.of(
                    "CARAVAN_ALLOW", "",
                    "CAMEL_SERVER_PORT", " ",
                    "CARAVAN_MANAGEMENT_TOKEN", "",
                    "GITHUB_WEBHOOK_SECRET_FILE", ""))
            .read(folder.resolve("settings"), Map.of());

    assertThat(settings.text("caravan.allow")).isEqualTo("::1/128");
    assertThat(settings.integer("camel.server.port", 1, 65535)).isEqualTo(8000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GITHUB_WEBHOOK_SECRET", "CARAVAN_SECRETS_ACME", "CAMEL_COMPONENT_KAFKA_PASSWORD"})
  void aVariableThatCannotBeReadIsRefusedByItsName(String name) {
    assertThatThrownBy(
            () -> new SettingSources(Map.of(name, "schl\uFFFDssel")).read(null, Map.of()))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith(name + ", in the environment, has characters")
        .hasMessageNotContaining("ssel");
    assertThat(new SettingSources(Map.of("SOMETHING", "\uFFFD")).read(null, Map.of())).isNotNull();
  }

  private Settings read(String text, Charset encoding) throws IOException {
    Path file = folder.resolve("settings");
    Files.write(file, text.getBytes(encoding));
    return new SettingSources(Map.of()).read(file, Map.of());
  }
}
