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

    assertThat(Difference.between(delivery(payload), delivery("{}"))).hasSizeBetween(100, 200);
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
