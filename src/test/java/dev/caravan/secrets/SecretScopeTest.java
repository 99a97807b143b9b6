package dev.caravan.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretScopeTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "all, acme/rocket, acme, true",
        "all, -, -, true",
        "acme, acme/rocket, acme, true",
        "acme, Acme/Rocket, ACME, true",
        "acme, acme/rocket, acme, true",
        "acme, -, acme, true",
        "acme, -, -, false",
        "acme, acme-labs/rocket, acme-labs, false",
        "acme, other/rocket, other, false",
        "acme/rocket, acme/rocket, acme, true",
        "acme/rocket, acme/rockets, acme, false",
        "acme/rocket, -, acme, false",
        "acme/web-*, acme/web-, acme, true",
        "acme/web-*, acme/web-shop, acme, true",
        "acme/web-*, acme/shop, acme, false",
        "acme/*-web, acme/a-b-web, acme, true",
        "acme/r?cket, acme/rocket, acme, true",
        "*/rocket, acme/rocket, acme, true",
        "a*/x, acme/other/x, acme, false",
        "*/*, acme/rocket, acme, true",
        "*a*b*/*c*d*, xaxbx/xcxdx, xaxbx, true",
        "*a*b*/*c*d*, xaxbx/xcxcx, xaxbx, false",
        "acme/???, acme/abc, acme, true",
        "acme/???, acme/abcd, acme, false",
        "acme/*-*-web, acme/a-b-c-web, acme, true",
        "acme other/site, other/site, other, true",
        "hook:7, -, -, true",
        "hook:7 acme, other/site, other, false",
      })
  void coversWhatItNames(String scope, String repository, String owner, boolean covered) {
    assertThat(SecretScope.of(scope).covers(repository, owner)).isEqualTo(covered);
  }

  @Test
  @Timeout(5)
  void aGlobOfManyStarsIsTriedInNoTimeAgainstANameThatNearlyFits() {
    SecretScope scope = SecretScope.of("acme/" + "*a".repeat(40) + "*b");

    for (int name = 0; name < 1000; name++) {
      assertThat(scope.covers("acme/" + "a".repeat(100), "acme")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "acme/", "/x", "a/b/c", "hook:", "hook:x", "all acme", "ac me/!"})
  void anInvalidScopeIsRefusedWithWhatCanBeWritten(String text) {
    assertThatThrownBy(() -> SecretScope.of(text))
        .hasMessageStartingWith("'" + text + "', which is not a scope. Write all, an organisation");
  }
}
