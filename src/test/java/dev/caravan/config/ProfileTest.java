package dev.caravan.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With camel.main.profile, a second settings file counts before the first. */
class ProfileTest {
  private static final String AGE = "caravan.retention.age";

  @TempDir private Path directory;

  @BeforeEach
  void write() throws IOException {
    write(
        "application.properties", "camel.main.profile = dev\ncaravan.retention.age = 3d\nmine = a");
    write("application-dev.properties", "caravan.retention.age = 1h");
    write("application-prod.properties", "caravan.retention.age = 30d");
  }

  @Test
  void theFileOfTheProfileCountsBeforeTheOther() {
    Settings settings = read(Map.of(), Map.of());

    assertThat(settings.text(AGE)).isEqualTo("1h");
    assertThat(settings.text("mine")).isEqualTo("a");
  }

  @Test
  void theEnvironmentAndTheCommandLineChooseAnotherAndCountBeforeBoth() {
    assertThat(read(Map.of("CAMEL_MAIN_PROFILE", "prod"), Map.of()).text(AGE)).isEqualTo("30d");
    assertThat(
            read(Map.of("CAMEL_MAIN_PROFILE", "dev"), Map.of("camel.main.profile", "prod"))
                .text(AGE))
        .isEqualTo("30d");
    assertThat(read(Map.of("CARAVAN_RETENTION_AGE", "2h"), Map.of()).text(AGE)).isEqualTo("2h");
  }

  @Test
  void aProfileWithoutAFileIsFineAndAnUnknownKeyInOneIsRefused() throws IOException {
    Map<String, String> test = Map.of("camel.main.profile", "test");
    assertThat(read(Map.of(), test).text(AGE)).isEqualTo("3d");
    write("application-test.properties", "caravan.nosuch = 1");

    assertThatThrownBy(() -> read(Map.of(), test))
        .hasMessageContaining("caravan.nosuch")
        .hasMessageContaining("application-test.properties");
    assertThatThrownBy(() -> read(Map.of(), Map.of("camel.main.profile", "../x")))
        .hasMessageContaining("camel.main.profile is not a name");
  }

  private Settings read(Map<String, String> environment, Map<String, String> commandLine) {
    return new SettingSources(environment)
        .read(directory.resolve("application.properties"), commandLine);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }
}
