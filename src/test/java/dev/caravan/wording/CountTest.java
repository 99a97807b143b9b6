package dev.caravan.wording;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0    | delivery      | 0 deliveries",
        "1    | delivery      | 1 delivery",
        "2    | body          | 2 bodies",
        "1003 | more delivery | 1,003 more deliveries",
        "3    | day           | 3 days",
        "1    | dead letter   | 1 dead letter",
        "5    | dead letter   | 5 dead letters",
      })
  void aNumberIsSaidWithItsNoun(long number, String noun, String said) {
    assertThat(Count.of(number, noun)).isEqualTo(said);
  }
}
