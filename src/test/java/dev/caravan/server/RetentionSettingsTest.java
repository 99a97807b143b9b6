package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.SettingSources;
import dev.caravan.log.Retention;
import dev.caravan.receiver.LogSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionSettingsTest {
  @Test
  void theDefaultIsAWeekAndTenGibibytes() {
    assertThat(retention(Map.of())).isEqualTo(new Retention(Duration.ofDays(7), 10L << 30));
  }

  @Test
  void ageAndSizeCanBeSet() {
    assertThat(retention(Map.of("caravan.retention.age", "36h", "caravan.retention.size", "2GiB")))
        .isEqualTo(new Retention(Duration.ofHours(36), 2L << 30));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "caravan.retention.age|59m|caravan.retention.age is 59m; it must be at least 1h.",
        "caravan.retention.age|PT99999999999999H|caravan.retention.age is PT99999999999999H; it must be at most 999999999d.",
        "caravan.retention.size|1MiB|caravan.retention.size is 1MiB; it must be at least 16MiB.",
        "caravan.retention.age|7 days|caravan.retention.age is '7 days', which is not a duration. Write for instance 500ms, 10s, 5m, 168h, 7d or PT1H."
      })
  void aValueThatCannotWorkIsRefusedByName(String key, String value, String sentence) {
    assertThatThrownBy(() -> retention(Map.of(key, value)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage(sentence);
  }

  private static Retention retention(Map<String, String> set) {
    return LogSettings.from(new SettingSources(Map.of()).read(null, set)).retention();
  }
}
