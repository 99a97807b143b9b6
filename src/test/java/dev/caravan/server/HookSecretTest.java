package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.SettingSources;
import dev.caravan.github.api.HookOwner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HookSecretTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    // the narrowest of those that cover the hook, whatever the labels
    "acme/web, a=all b=acme c=acme/* d=acme/web, d",
    "ACME/Web, a=all b=acme c=acme/* d=acme/web, d",
    "acme/web, a=all b=acme c=acme/w*, c",
    "acme/web, a=all b=acme c=acme/api, b",
    "acme/web, alpha=other b=acme, b",
    "acme, a=all b=acme c=acme/*, b",
    // else the one for everybody
    "beta/web, a=acme z=all, z",
    "acme, a=acme/* z=all, z",
    "app, a=acme b=hook:1 z=all, z",
    // the id of a new hook is not known
    "acme/web, a=hook:1 b=acme, b",
  })
  void theNarrowestSecretThatCoversTheHookIsChosen(String owner, String scopes, String label) {
    assertThat(secret(owner, scopes)).isEqualTo("the secret of " + label);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "beta/web | a=acme | for beta/web: | --own-secret",
        "beta/web | a=acme | caravan.secrets.LABEL.scope = beta/web | everybody",
        "acme | a=acme/* | for acme: | --own-secret",
        "acme/web | a=hook:1 | for acme/web: | --own-secret",
        "app | a=acme | for the App: | Set caravan.secret.",
      })
  void aHookThatNoSecretMaySignForIsRefused(
      String owner, String scopes, String which, String remedy) {
    assertThatThrownBy(() -> secret(owner, scopes))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContainingAll(which, remedy);
  }

  @Test
  void theGeneratedSecretIsUsedOnlyWhileNoneIsConfigured() {
    Path generated = folder.resolve("secret");
    Map<String, String> unreadable =
        Map.of("caravan.secrets.a.file", folder.resolve("absent").toString());

    assertThatThrownBy(() -> secret(HookOwner.repository("acme/web"), unreadable))
        .isInstanceOf(InvalidSettingException.class);
    assertThat(Files.exists(generated)).isFalse();
    assertThat(secret(HookOwner.repository("acme/web"), Map.of())).isNotEmpty();
    assertThat(Files.exists(generated)).isTrue();
  }

  private String secret(String owner, String scopes) {
    Map<String, String> settings = new TreeMap<>();
    for (String each : scopes.split(" ", -1)) {
      String[] parts = each.split("=", -1);
      settings.put("caravan.secrets." + parts[0], "the secret of " + parts[0]);
      settings.put("caravan.secrets." + parts[0] + ".scope", parts[1]);
    }
    return secret(HookOwner.parse(owner), settings);
  }

  private String secret(HookOwner owner, Map<String, String> settings) {
    return HookSecret.of(
        owner, new SettingSources(Map.of()).read(null, settings), folder.resolve("secret"));
  }
}
