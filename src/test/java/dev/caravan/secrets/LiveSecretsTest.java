package dev.caravan.secrets;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.SettingSources;
import dev.caravan.config.Settings;
import dev.caravan.webhook.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiveSecretsTest {
  private static final byte[] BODY = "{}".getBytes(UTF_8);

  @TempDir private Path folder;
  private volatile Map<String, String> environment = Map.of();

  @Test
  void secretsOfSettingsEnvironmentFilesAndDirectoryStandSideBySide() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("secrets"));
    write(directory.resolve("team"), "four\n");
    write(folder.resolve("x"), "three\n");
    environment =
        Map.of(
            "GITHUB_WEBHOOK_SECRET",
            "one, two",
            "CARAVAN_SECRETS_FROM_FILE_FILE",
            folder.resolve("x").toString(),
            "CARAVAN_SECRETS_DIRECTORY",
            directory.toString());

    try (LiveSecrets secrets = watch("caravan.secrets.extra = five\n")) {
      assertThat(labels(secrets))
          .containsExactly("default", "default-2", "default-unsplit", "extra", "from-file", "team");
      for (String secret : List.of("one", "two", "three", "four", "five")) {
        assertThat(accepts(secrets, secret)).as(secret).isTrue();
      }
    }
  }

  @Test
  void aSecretWithACommaIsOneSecretAndSplittingItIsLogged() {
    environment = Map.of("GITHUB_WEBHOOK_SECRET", "p@ss,word");
    try (CapturedLog log = new CapturedLog("dev.caravan.secrets");
        LiveSecrets secrets = watch("")) {
      assertThat(accepts(secrets, "p@ss,word")).isTrue();
      assertThat(accepts(secrets, "p@ss")).isTrue();
      assertThat(log.lines())
          .anyMatch(line -> line.startsWith("WARN caravan.secret contains a comma"))
          .noneMatch(line -> line.contains("p@ss") || line.contains("word,"));
    }
  }

  @Test
  void aSecretUnderALabelIsNotSplit() {
    try (LiveSecrets secrets = watch("caravan.secrets.a = p@ss,word")) {
      assertThat(accepts(secrets, "p@ss,word")).isTrue();
      assertThat(accepts(secrets, "p@ss")).isFalse();
    }
  }

  @Test
  void aShortSecretIsReportedOnceWhateverItsSource() throws IOException {
    Path file = write(folder.resolve("x"), "fifteen bytes..");
    try (CapturedLog log = new CapturedLog("dev.caravan.secrets");
        LiveSecrets secrets =
            watch(
                "caravan.secrets.enough = sixteen bytes...\ncaravan.secrets.short.file = "
                    + file)) {
      lookTwice(secrets);

      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("WARN Shorter than 16 characters")
          .contains("the secret short.")
          .doesNotContain("fifteen");
    }
  }

  @Test
  void anEmptyVariableDoesNotHideTheSecretInTheFile() {
    environment = Map.of("GITHUB_WEBHOOK_SECRET", "", "CARAVAN_SECRETS_OTHER", " ");
    try (LiveSecrets secrets = watch("caravan.secret = inthefile")) {
      assertThat(accepts(secrets, "inthefile")).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GITHUB_WEBHOOK_SECRET_FILE", "CARAVAN_SECRET_FILE"})
  void aVariableMayNameTheFileOfTheSecret(String variable) throws IOException {
    Path file = write(folder.resolve("secret"), "in, the file\n");
    environment = Map.of(variable, file.toString());
    try (LiveSecrets secrets = watch("")) {
      assertThat(accepts(secrets, "in, the file")).isTrue();
      assertThat(labels(secrets)).containsExactly("default");

      write(file, "changed");
      await().until(() -> accepts(secrets, "changed"));
    }
  }

  @Test
  void aSecretAndAFileForItAreNotBothTaken() throws IOException {
    environment = Map.of("GITHUB_WEBHOOK_SECRET_FILE", folder.resolve("none").toString());

    assertThatThrownBy(() -> watch("caravan.secret = one"))
        .hasMessage(
            "caravan.secret and caravan.secret.file are both set; keep the one that is meant.");
    assertThatThrownBy(() -> watch(""))
        .hasMessageContaining("caravan.secret.file is '")
        .hasMessageContaining("which is not there");
  }

  @Test
  void theMarksThatWindowsPutsFirstAreNoPartOfASecret() throws IOException {
    Path notepad = folder.resolve("notepad");
    Files.write(notepad, "\uFEFFschl\u00fcssel\r\n".getBytes(UTF_8));
    Path powerShell = folder.resolve("powershell");
    Files.write(powerShell, "\uFEFFother\r\n".getBytes(UTF_16LE));
    try (LiveSecrets secrets =
        watch(
            "caravan.secrets.a.file = %s\ncaravan.secrets.b.file = %s"
                .formatted(notepad, powerShell))) {
      assertThat(accepts(secrets, "schl\u00fcssel")).isTrue();
      assertThat(accepts(secrets, "other")).isTrue();
    }
  }

  @Test
  void aSecretsFileInAnotherEncodingIsRefusedSinceGitHubSignsInUtf8() throws IOException {
    Path file = folder.resolve("latin1");
    Files.write(file, "schl\u00fcssel".getBytes(ISO_8859_1));

    assertThatThrownBy(() -> watch("caravan.secrets.a.file = " + file))
        .hasMessage(
            "caravan.secrets.a.file is '%s', which is not UTF-8 in line 1; save it in that encoding."
                .formatted(file));
  }

  @Test
  void aChangedFileCountsWithoutARestart() throws IOException {
    Path file = write(folder.resolve("x"), "before");
    try (LiveSecrets secrets = watch("caravan.secrets.x.file = " + file)) {
      write(file, "after");

      await().until(() -> accepts(secrets, "after"));
      assertThat(accepts(secrets, "before")).isFalse();
    }
  }

  @Test
  void aSettingsFileThatChangesCountsWithoutARestart() throws IOException {
    try (LiveSecrets secrets = watch("caravan.secret = before")) {
      properties("caravan.secret = after, before");

      await().until(() -> accepts(secrets, "after"));
      assertThat(accepts(secrets, "before")).isTrue();
    }
  }

  @Test
  void aDirectoryThatKubernetesSwapsIsNoticed() throws IOException {
    Path mount = Files.createDirectory(folder.resolve("mount"));
    write(Files.createDirectory(mount.resolve("..1")).resolve("hook"), "before");
    write(Files.createDirectory(mount.resolve("..2")).resolve("hook"), "after");
    Files.createSymbolicLink(mount.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(mount.resolve("hook"), Path.of("..data/hook"));
    try (LiveSecrets secrets = watch("caravan.secrets-directory = " + mount)) {
      assertThat(labels(secrets)).containsExactly("hook");

      Files.createSymbolicLink(mount.resolve("..tmp"), Path.of("..2"));
      Files.move(
          mount.resolve("..tmp"), mount.resolve("..data"), StandardCopyOption.REPLACE_EXISTING);

      await().until(() -> accepts(secrets, "after"));
      assertThat(accepts(secrets, "before")).isFalse();
    }
  }

  @Test
  void aFileThatBecomesEmptyKeepsItsLastGoodValueAndIsReported() throws IOException {
    Path file = write(folder.resolve("x"), "good");
    try (LiveSecrets secrets = watch("caravan.secrets.x.file = " + file)) {
      write(file, " \n");

      await().until(() -> "is empty".equals(secrets.status().get(0).problem()));
      assertThat(accepts(secrets, "good")).isTrue();
    }
  }

  @Test
  void aDirectoryThatIsUnmountedKeepsItsSecrets() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("secrets"));
    write(directory.resolve("team"), "good");
    try (LiveSecrets secrets = watch("caravan.secrets-directory = " + directory)) {
      Files.move(directory, folder.resolve("elsewhere"));
      write(folder.resolve("application.properties"), settings(directory) + "caravan.secret = new");

      await().until(() -> accepts(secrets, "new"));
      assertThat(accepts(secrets, "good")).isTrue();
    }
  }

  @Test
  void aDirectoryThatCannotBeReadKeepsNoSecretOfTheSettingsInForce() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("secrets"));
    write(directory.resolve("team"), "good");
    write(directory.resolve("doubtful"), "doubtful");
    try (LiveSecrets secrets =
        watch(settings(directory) + "caravan.secrets.leaked = leaked\ncaravan.secrets.x = x")) {
      Files.move(directory, folder.resolve("elsewhere"));
      properties(settings(directory) + "caravan.secrets.x = x\n");
      await().until(() -> !accepts(secrets, "leaked"));
      assertThat(labels(secrets)).containsExactly("doubtful", "team", "x");

      properties(settings(directory) + "caravan.secrets.doubtful.retired = true\n");
      await().until(() -> !accepts(secrets, "doubtful"));
      assertThat(labels(secrets)).containsExactly("team");

      properties("caravan.secrets.new = new");
      await().until(() -> !accepts(secrets, "good"));
    }
  }

  @Test
  void aFileThatIsDeletedRevokesItsSecretButTheLastOneStays() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("secrets"));
    write(directory.resolve("leaked"), "leaked");
    write(directory.resolve("new"), "new");
    try (LiveSecrets secrets = watch("caravan.secrets-directory = " + directory)) {
      Files.delete(directory.resolve("leaked"));
      await().until(() -> !accepts(secrets, "leaked"));

      Files.delete(directory.resolve("new"));
      lookTwice(secrets);
      assertThat(accepts(secrets, "new")).isTrue();
      properties(settings(directory) + "caravan.secrets.third = third");
      await().until(() -> accepts(secrets, "third"));
      assertThat(accepts(secrets, "new")).isFalse();
    }
  }

  @Test
  void aSettingsFileThatBreaksOrIsEmptiedLeavesTheSecretsAsTheyWere() throws IOException {
    try (LiveSecrets secrets = watch("caravan.secret = good")) {
      properties("");
      lookTwice(secrets);
      assertThat(accepts(secrets, "good")).isTrue();

      properties("caravan.secrets.x.scope = ///");
      lookTwice(secrets);
      assertThat(accepts(secrets, "good")).isTrue();
    }
  }

  @Test
  void aRetiredSecretIsKnownAndNotAccepted() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("secrets"));
    write(directory.resolve("hook"), "new");
    write(Files.createDirectory(directory.resolve("retired")).resolve("hook"), "old");

    try (LiveSecrets secrets =
        watch(
            settings(directory)
                + "caravan.secrets.older = older\ncaravan.secrets.older.retired = true")) {
      assertThat(accepts(secrets, "new")).isTrue();
      assertThat(accepts(secrets, "old")).isFalse();
      assertThat(accepts(secrets, "older")).isFalse();
      assertThat(secrets.inForce().retired())
          .extracting(LabelledSecret::label)
          .containsExactly("older", "retired/hook");
    }
  }

  @Test
  void theUseOfASecretIsCountedAndKeptFromRunToRun() {
    Instant now = Instant.parse("2026-01-02T03:04:05Z");
    try (LiveSecrets secrets = watch("caravan.secrets.a = a\ncaravan.secrets.b = b")) {
      secrets.inForce().valid().get(0).used(now);
      secrets.inForce().valid().get(0).used(now);
    }

    try (LiveSecrets secrets = watch("caravan.secrets.a = a\ncaravan.secrets.b = b")) {
      SecretStatus a = secrets.status().get(0);
      SecretStatus b = secrets.status().get(1);
      assertThat(a.verified()).isEqualTo(2);
      assertThat(a.lastUsed()).isEqualTo(now);
      assertThat(b.verified()).isZero();
      assertThat(b.lastUsed()).isNull();
    }
  }

  @Test
  void theGeneratedSecretIsUsedUntilThereIsAnother() throws IOException {
    Path generated = write(folder.resolve("secret"), "generated");
    properties("");
    try (LiveSecrets secrets =
        new LiveSecrets(this::settings, generated, folder.resolve("use"), Duration.ofMillis(10))) {
      assertThat(accepts(secrets, "generated")).isTrue();

      properties("caravan.secret = own");

      await().until(() -> accepts(secrets, "own"));
      assertThat(accepts(secrets, "generated")).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "caravan.secrets.x.file = /nowhere/x |"
            + " caravan.secrets.x.file is '/nowhere/x', which is not there.",
        "caravan.secrets-directory = /nowhere |"
            + " caravan.secrets-directory is '/nowhere', which is not there. Name a directory of files.",
        "caravan.secrets.x.scope = acme |"
            + " caravan.secrets.x has no secret. Set caravan.secrets.x, or caravan.secrets.x.file, or caravan.secrets-directory.",
        "caravan.secrets.x = |"
            + " caravan.secrets.x is empty; anyone could sign with that. Remove it, or give it a value.",
        "caravan.secrets.x.retired = maybe |"
            + " caravan.secrets.x.retired is 'maybe', which is not true or false.",
        "caravan.secrets.generated = x |"
            + " caravan.secrets.generated: the label 'generated' is taken; choose another.",
      })
  void whatCannotBeUsedIsRefusedAtTheStartByItsKey(String line, String message) {
    assertThatThrownBy(() -> watch(line))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage(message);
  }

  @Test
  void noSecretIsEverPrinted() {
    try (LiveSecrets secrets =
        watch("caravan.secrets.a = hidden\ncaravan.secrets.a.scope = acme")) {
      assertThat(List.of(secrets.status(), secrets.inForce().valid()))
          .asString()
          .contains("acme")
          .doesNotContain("hidden");
    }
    assertThat(Misreading.of(new Secret("hidden"))).asString().doesNotContain("hidden");
  }

  private LiveSecrets watch(String lines) {
    properties(lines);
    return new LiveSecrets(this::settings, null, folder.resolve("use"), Duration.ofMillis(10));
  }

  private Settings settings() {
    return new SettingSources(environment).read(folder.resolve("application.properties"), Map.of());
  }

  private static String settings(Path directory) {
    return "caravan.secrets-directory = " + directory + "\n";
  }

  private void properties(String lines) {
    write(folder.resolve("application.properties"), lines);
  }

  private static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Until a change made before this has been seen twice. */
  private static void lookTwice(LiveSecrets secrets) {
    int looked = secrets.looks();
    await().until(() -> secrets.looks() >= looked + 4);
  }

  private static List<String> labels(LiveSecrets secrets) {
    return secrets.inForce().valid().stream().map(LabelledSecret::label).toList();
  }

  private static boolean accepts(LiveSecrets secrets, String secret) {
    byte[] signature = new Secret(secret).hmacSha256(BODY);
    return secrets
            .inForce()
            .find(null, each -> Arrays.equals(each.secret().hmacSha256(BODY), signature))
        != null;
  }
}
