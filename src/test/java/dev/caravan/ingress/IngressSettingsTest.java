package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.InvalidSettingException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngressSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "camel.server.host, ''",
    "camel.server.port, 70000",
    "caravan.path, hooks",
    "caravan.path, ''",
    "caravan.path, /hooks?x=y",
    "caravan.path, /hooks/{name}",
    "caravan.path, '/a b'",
    "caravan.max-payload, much",
    "caravan.max-payload, 1GiB",
    "caravan.max-payload, 9000GiB",
    "caravan.body-timeout, 0s",
    "caravan.body-timeout, 1h",
    "caravan.body-memory, 1",
    "caravan.signature.sha1, maybe",
  })
  void aValueThatDoesNotFitIsRefusedByItsKey(String key, String value) {
    assertThatThrownBy(() -> HookServer.settings(Map.of(key, value)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith(key + " is ");
  }

  @Test
  void aValueOutOfItsRangeIsShownAsItWasTyped() {
    assertThatThrownBy(() -> HookServer.settings(Map.of("caravan.body-timeout", "11m")))
        .hasMessage("caravan.body-timeout is 11m; it must be over 0s and at most 10m.");
    assertThatThrownBy(() -> HookServer.settings(Map.of("caravan.max-payload", "1GiB")))
        .hasMessage("caravan.max-payload is 1GiB; it must be from 1 byte to 512MiB.");
  }

  @Test
  void aTrailingSlashDoesNotBelongToThePath() {
    assertThat(HookServer.settings(Map.of("caravan.path", "/hooks/")).path()).isEqualTo("/hooks");
    assertThat(HookServer.settings(Map.of("caravan.path", "/")).path()).isEqualTo("/");
  }

  @Test
  void theOldSignatureCanBeDenied() {
    assertThat(HookServer.settings(Map.of("caravan.signature.sha1", "deny")).sha1Allowed())
        .isFalse();
  }
}
