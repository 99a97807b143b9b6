package dev.caravan.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WithoutCredentialsTest {
  @ParameterizedTest
  @CsvSource({
    "https://ada:secret@host/path said no, https://***@host/path said no",
    "https://host/hook?token=abc said no, https://host/hook?*** said no",
    "postgresql://ada:se/cr@et@host/log said no, postgresql://***@host/log said no",
    "postgresql://ada:se@cr/et@host/log said no, postgresql://***@host/log said no",
    "http://ada:secret@host/path?token=a@b said no, http://***@host/path?*** said no",
    "http://ada:s?c/r@host/path said no, http://***@host/path said no",
    "http://ada:12/secret@host/path said no, http://ada:12/***@host/path said no",
    "http://host:8080/path?token=a@b said no, http://host:8080/path?*** said no",
    "http://host:8080/@scope/name and http://host/@name, http://host:8080/@scope/name and http://host/@name",
    "http://a//b?k=v and http://c?x, http://a//b?*** and http://c?***",
    "http://a/b and is it?, http://a/b and is it?",
    "//?k, //?***",
    "no address? none, no address? none"
  })
  void passwordsAndQueriesOfAddressesAreTakenOut(String text, String shown) {
    assertThat(WithoutCredentials.of(text)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "http://ada:secret@proxy:80, http://***@proxy:80",
    "http://ada:se cret@proxy:80, http://***@proxy:80",
    "http://ada:12/34@proxy:80, http://***@proxy:80",
    "ada:secret@proxy:80, ***@proxy:80"
  })
  void aRefusedAddressIsShownWithoutItsPassword(String value, String shown) {
    Settings settings = new Settings(Map.of("caravan.github.proxy", value));

    assertThat(settings.refuse("caravan.github.proxy", "an address"))
        .hasMessage("caravan.github.proxy is '" + shown + "', which is not an address.");
  }

  @Test
  @Timeout(10)
  void aTextOfManySlashesTakesNoLongerThanAnyOther() {
    String text = "//a".repeat(50_000);
    String users = "//a:b".repeat(50_000);

    assertThat(WithoutCredentials.of(text)).isEqualTo(text);
    assertThat(WithoutCredentials.of(users)).isEqualTo(users);
    long begin = System.nanoTime();
    assertThat(WithoutCredentials.of("me@here " + users + users + users + users))
        .hasSize(1_000_008);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
    assertThat(WithoutCredentials.of("//a:" + "@b".repeat(50_000))).isEqualTo("//***@b");
  }
}
