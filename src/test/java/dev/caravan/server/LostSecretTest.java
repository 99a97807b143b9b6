package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.webhook.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A start without the secret that GitHub signs with. It must not look well: every delivery would be
 * refused.
 */
class LostSecretTest {
  private static final String KEY = "caravan.secrets.test";

  @TempDir private Path directory;

  @Test
  void aConfiguredSecretThatIsGoneIsNotReplacedByAGeneratedOne() {
    take(new Site(directory), Site.SECRET);

    assertThatThrownBy(() -> new Site(directory).without(KEY).start())
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("the secret 'test'")
        .hasMessageContaining("GITHUB_WEBHOOK_SECRET")
        .hasMessageContaining(directory.resolve("data/secret-use").toString())
        .hasMessageNotContaining(Site.SECRET);
    assertThat(directory.resolve("data/secret")).doesNotExist();
  }

  @Test
  void aConfiguredSecretThatIsGoneIsNotReplacedByAnOlderGeneratedOne() {
    try (Site first = new Site(directory).without(KEY).start()) {
      assertThat(first.post("push", "0", "{}", generated())).isEqualTo(202);
    }
    take(new Site(directory), Site.SECRET);

    assertThatThrownBy(() -> new Site(directory).without(KEY).start())
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("the secret 'test'");
  }

  @Test
  void scopedSecretsThatAreAllGoneAreNotReplacedByAGeneratedOne() {
    Site scoped =
        new Site(directory)
            .without(KEY)
            .set("caravan.secrets.acme", "of acme")
            .set("caravan.secrets.acme.scope", "acme")
            .set("caravan.secrets.shop", "of the shop")
            .set("caravan.secrets.shop.scope", "shop");
    try (scoped) {
      String payload = "{\"organization\":{\"login\":\"acme\"}}";
      assertThat(scoped.start().post("push", "1", payload, "of acme")).isEqualTo(202);
    }

    assertThatThrownBy(() -> new Site(directory).without(KEY).start())
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("the secret 'acme'");
  }

  @Test
  void aGeneratedSecretThatIsGoneIsNotReplacedByAnother() throws IOException {
    try (Site site = new Site(directory).without(KEY).start()) {
      assertThat(site.post("push", "1", "{}", generated())).isEqualTo(202);
    }
    String secret = generated();
    Files.delete(directory.resolve("data/secret"));

    assertThatThrownBy(() -> new Site(directory).without(KEY).start())
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining(directory.resolve("data/secret") + " is gone");

    Files.writeString(directory.resolve("data/secret"), secret);
    try (Site site = new Site(directory).without(KEY).start()) {
      assertThat(site.post("push", "2", "{}", secret)).isEqualTo(202);
    }
  }

  @Test
  void aLogWithDeliveriesIsEnoughToKnowThatThereWasASecret() throws IOException {
    take(new Site(directory), Site.SECRET);
    Files.delete(directory.resolve("data/secret-use"));

    assertThatThrownBy(() -> new Site(directory).without(KEY).start())
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("GITHUB_WEBHOOK_SECRET");
  }

  @Test
  void anOwnSecretFileStartsOverAndAFirstStartGeneratesOne() throws IOException {
    take(new Site(directory), Site.SECRET);
    Files.delete(directory.resolve("data/secret-use"));
    Files.writeString(directory.resolve("data/secret"), "a new one of our own");

    try (Site site = new Site(directory).without(KEY).start()) {
      assertThat(site.post("push", "2", "{}", "a new one of our own")).isEqualTo(202);
    }
    try (Site first = new Site(directory.resolve("first")).without(KEY).start()) {
      assertThat(first.server().isSecretGenerated()).isTrue();
    }
  }

  @Test
  void ofSeveralSecretsOneThatIsGoneIsLogged() {
    take(new Site(directory).set("caravan.secrets.other", "another of this test"), Site.SECRET);

    try (CapturedLog log = new CapturedLog("dev.caravan.secrets");
        Site site =
            new Site(directory)
                .without(KEY)
                .set("caravan.secrets.other", "another of this test")
                .start()) {
      assertThat(site.post("push", "2", "{}", "another of this test")).isEqualTo(202);
      assertThat(log.lines())
          .filteredOn(line -> line.startsWith("WARN"))
          .singleElement()
          .asString()
          .contains("The secret 'test' verified deliveries until ")
          .contains("is no longer configured");
    }
  }

  private void take(Site site, String secret) {
    try (site) {
      assertThat(site.start().post("push", "1", "{}", secret)).isEqualTo(202);
    }
  }

  private String generated() {
    try {
      return Files.readString(directory.resolve("data/secret")).strip();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
