package dev.caravan.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallersTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "192.0.2.1, ::ffff:192.0.2.1, true",
    "2001:db8:0:1::1, 2001:db8:0:1:ffff::2, true",
    "2001:db8:0:1::1, 2001:db8:0:2::1, false",
  })
  void allAddressesThatAClientHasAreOneClients(String one, String other, boolean isSame) {
    Object first = Callers.client(Callers.ANYONE.caller(one, List.of()));

    assertThat(first.equals(Callers.client(Callers.ANYONE.caller(other, List.of()))))
        .isEqualTo(isSame);
  }

  @ParameterizedTest
  @CsvSource({
    "192.30.252.0/22, 192.30.252.0, true",
    "192.30.252.0/22, 192.30.255.255, true",
    "192.30.252.0/22, 192.31.0.0, false",
    "192.30.252.0/22, 192.30.251.255, false",
    "10.0.0.7, 10.0.0.7, true",
    "10.0.0.7, 10.0.0.6, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "128.0.0.0/1, 127.255.255.255, false",
    "128.0.0.0/1, 200.0.0.1, true",
    "2a0a:a440::/29, 2a0a:a447:ffff::1, true",
    "2a0a:a440::/29, 2a0a:a448::1, false",
    "::1, ::1, true",
    "::/0, 2001:db8::1, true",
    "10.0.0.0/8, ::ffff:10.1.2.3, true",
    "fe80::/10, fe80::1%eth0, true",
  })
  void aNetworkHasTheAddressesThatBeginAsItDoes(String network, String address, boolean has) {
    Callers callers = callers(network, "");

    assertThat(callers.mayCall(callers.caller(address, List.of()))).isEqualTo(has);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.9 | 10.9.9.9 | 203.0.113.9",
        "10.0.0.1 | 203.0.113.9 | 203.0.113.9",
        "10.0.0.1 | 198.51.100.1, 203.0.113.9 | 203.0.113.9",
        "10.0.0.1 | 198.51.100.1, 203.0.113.9, 10.0.0.2 | 203.0.113.9",
        "10.0.0.1 | 203.0.113.9:4711 | 203.0.113.9",
        "10.0.0.1 | [2001:db8::1]:4711 | 2001:db8::1",
        "10.0.0.1 | 2001:db8::1 | 2001:db8::1",
        "10.0.0.1 | '' | 10.0.0.1",
        "10.0.0.1 | 10.0.0.3, 10.0.0.2 | 10.0.0.3",
        "10.0.0.1 | 203.0.113.9, nonsense | ",
        "10.0.0.1 | 203.0.113.9, localhost | ",
      })
  void theCallerIsWhoTheTrustedProxiesNameReadFromTheRight(
      String peer, String forwardedFor, String caller) {
    byte[] found = callers("::/0", "10.0.0.0/8").caller(peer, List.of(forwardedFor));

    assertThat(found).isEqualTo(caller == null ? null : Network.address(caller));
  }

  @Test
  void severalHeadersCountAsOneListInTheirOrder() {
    Callers callers = callers("::/0", "10.0.0.0/8");

    assertThat(callers.caller("10.0.0.1", List.of("198.51.100.1", "203.0.113.9, 10.0.0.2")))
        .isEqualTo(Network.address("203.0.113.9"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "github.com | caravan.allow has 'github.com', which is not a network such as 10.0.0.0/8 or fd00::/8.",
        "10.0.0.0/33 | caravan.allow has '10.0.0.0/33', whose length is not a number from 0 to 32.",
        "fd00::/x | caravan.allow has 'fd00::/x', whose length is not a number from 0 to 128.",
        "10.0.0.1/8 | caravan.allow has '10.0.0.1/8', whose address continues after its /8. Write zeros there, or a longer length.",
      })
  void whatIsNoNetworkIsRefusedByItsKey(String allow, String message) {
    assertThatThrownBy(() -> callers(allow, ""))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> callers("::/0", allow))
        .hasMessage(message.replace("caravan.allow", "caravan.trusted-proxies"));
  }

  private static Callers callers(String allow, String proxies) {
    return Callers.from(
        new Settings(
            Map.of(
                "caravan.allow",
                allow,
                "caravan.trusted-proxies",
                proxies,
                "caravan.github-meta",
                "https://api.github.com/meta")),
        Path.of("unused"));
  }
}
