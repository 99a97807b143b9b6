package dev.caravan.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.Delivery;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryDetailsTest {
  @ParameterizedTest
  @CsvSource({
    "https://github.com/acme/rocket/compare/a...b, true",
    "https://acme.ghe.com/rocket, true",
    "https://git.acme.example/acme/rocket, true",
    "https://evil.example/acme/rocket, false",
    "https://github.com@evil.example/, false",
    "https://github.com.evil.example/, false",
    "https://evilghe.com/, false",
    "http://github.com/acme/rocket, false",
    "javascript:alert(1), false",
    "https:github.com, false",
    "'https://github.com/a b', false",
  })
  void aLinkLeadsToGitHubOrIsNoLink(String address, boolean isLink) {
    Delivery delivery =
        new Delivery(
            "d-1",
            "push",
            Delivery.Subject.NONE,
            Instant.EPOCH,
            Map.of("X-GitHub-Enterprise-Host", "git.acme.example"),
            Delivery.Encoding.JSON,
            "{\"compare\":\"%s\"}".formatted(address).getBytes(UTF_8));

    assertThat(new DeliveryDetails(delivery).links().containsValue(address)).isEqualTo(isLink);
  }
}
