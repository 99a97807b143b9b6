package dev.caravan.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The start script of an installation, in a tree of its own, with a stand-in for Java. The command
 * {@code packaging/try-package} tries the whole package under a real systemd.
 */
@DisabledOnOs(OS.WINDOWS)
class InstalledScriptTest {
  private static final Path SCRIPT = Path.of("packaging/installed/caravan");

  @TempDir private Path parent;
  private Path root;

  @BeforeEach
  void install() throws IOException {
    root = parent.resolve("a tree");
    script("usr/bin/caravan", Files.readString(SCRIPT));
    script(
        "java/bin/java",
        "#!/bin/sh\necho \"settings=${CARAVAN_CONFIG:-none} token=${DEPLOY_TOKEN:-none} $*\"\n");
    write("etc/caravan/application.properties", "");
  }

  @Test
  void aCommandFindsTheSettingsOfTheInstallationFromAnyDirectory() throws Exception {
    String said = caravan("deliveries");

    assertThat(said)
        .contains("settings=" + root.resolve("etc/caravan/application.properties"))
        .contains("-Dcaravan.command=caravan")
        .endsWith("-jar " + root.resolve("usr/share/caravan/caravan.jar") + " deliveries");
  }

  @Test
  void theArchiveOfClassesIsUsedOnceItIsMade() throws Exception {
    assertThat(caravan("run")).doesNotContain("SharedArchiveFile");
    write("var/cache/caravan/classes.jsa", "");

    assertThat(caravan("run"))
        .contains("-XX:SharedArchiveFile=" + root.resolve("var/cache/caravan/classes.jsa"));
  }

  @Test
  void commandsAndServiceReadTheFileOfVariables() throws Exception {
    write("etc/caravan/environment", "DEPLOY_TOKEN='a b'\nCARAVAN_JAVA_OPTIONS=\"-Xmx1g -Da=b\"\n");

    assertThat(caravan("run"))
        .contains("token=a b")
        .contains("-Xmx1g -Da=b -jar")
        .doesNotContain("-Xmx256m");
  }

  @Test
  void anOwnAotCacheReplacesTheArchiveOfClasses() throws Exception {
    write("var/cache/caravan/classes.jsa", "");
    write("etc/caravan/environment", "CARAVAN_JAVA_OPTIONS=-XX:AOTCache=caravan.aot\n");

    assertThat(caravan("run"))
        .contains("-XX:AOTCache=caravan.aot")
        .doesNotContain("SharedArchiveFile", "Tier");
    assertThat(caravan("deliveries")).doesNotContain("SharedArchiveFile", "Tier");
  }

  @Test
  void javaIsGivenTheSameOptionsAsInTheSourceTree() throws IOException {
    assertThat(optionLines(SCRIPT)).hasSize(8).isEqualTo(optionLines(Path.of("caravan")));
  }

  private static List<String> optionLines(Path script) throws IOException {
    try (Stream<String> lines = Files.lines(script)) {
      return lines
          .filter(
              line ->
                  line.matches(
                      "(heap=|base=|options=|version=|\\[ .*version|export MALLOC| +(run|\\*)\\) options=).*"))
          .toList();
    }
  }

  private String caravan(String... arguments) throws Exception {
    Path output = root.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder()
            .command("sh", root.resolve("usr/bin/caravan").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("JAVA_HOME", root.resolve("java").toString());
    Process process = builder.start();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output).strip();
  }

  private void script(String name, String text) throws IOException {
    write(name, text);
    Files.setPosixFilePermissions(root.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
