package dev.caravan.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.Delivery;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DifferenceTest {
  @Test
  void ofPayloadsWithLongNamesOnlyAPartIsCompared() {
    String payload =
        "{\"" + "n".repeat(50_000) + "\":[" + "%d,".repeat(400).formatted(numbers()) + "0]}";

    Differences differences = Differences.between(delivery(payload), delivery("{}"));

    assertThat(differences.shown()).hasSizeBetween(100, 200);
    assertThat(differences.isPartial()).isTrue();
  }

  @Test
  void longTextsThatDifferAtTheirEndsAreNotTheSame() {
    String begin = "a".repeat(5_000);

    Differences differences =
        Differences.between(
            delivery("{\"body\":\"" + begin + "old\"}"),
            delivery("{\"body\":\"" + begin + "new" + begin + "\"}"));

    assertThat(differences.isPartial()).isFalse();
    assertThat(differences.shown()).hasSize(1);
    assertThat(differences.shown().get(0).one()).startsWith("… aaa").endsWith("aaaold");
    assertThat(differences.shown().get(0).two()).contains("aaanewaaa").endsWith(" …");
    assertThat(differences.shown().get(0).two()).hasSizeLessThan(400);
  }

  @Test
  void allDifferencesAreCountedEvenIfNotShown() {
    String numbers = "[" + "1,".repeat(700) + "1]";

    Differences differences =
        Differences.between(
            delivery("{\"n\":" + numbers + "}"),
            delivery("{\"n\":" + numbers.replace('1', '2') + "}"));

    assertThat(differences.count()).isEqualTo(701);
    assertThat(differences.shown()).hasSize(500);
  }

  private static Object[] numbers() {
    Object[] numbers = new Object[400];
    for (int index = 0; index < numbers.length; index++) {
      numbers[index] = index;
    }
    return numbers;
  }

  private static Delivery delivery(String payload) {
    return new Delivery(
        "d-1",
        "push",
        Delivery.Subject.NONE,
        Instant.EPOCH,
        Map.of(),
        Delivery.Encoding.JSON,
        payload.getBytes(UTF_8));
  }
}
