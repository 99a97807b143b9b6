package dev.caravan.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code caravan} in a checkout of its own, with stand-ins for Maven and Java. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final Path SCRIPT = Path.of("caravan").toAbsolutePath();

  @TempDir private Path parent;
  private Path home;

  @BeforeEach
  void checkOut() throws IOException {
    home = parent.resolve("a checkout");
    Files.createDirectories(home.resolve("src/main"));
    Files.createDirectories(home.resolve("src/generated"));
    Files.writeString(home.resolve("pom.xml"), "");
    script("caravan", Files.readString(SCRIPT));
    script("packaging/archive-classes", Files.readString(Path.of("packaging/archive-classes")));
    maven("echo whole > target/caravan.jar");
    // Runs a jar that is whole; a server says that it is ready, and an archive of classes is left
    // when asked for.
    script(
        "jdk/bin/java",
        """
        #!/bin/sh
        echo "$@" >> "$(dirname "$0")/../../calls"
        list= dump= archive= jar=
        for argument; do
          case $argument in
            -XX:DumpLoadedClassList=*) list=yes ;;
            -Xshare:dump) dump=yes ;;
            -XX:SharedArchiveFile=*) archive=${argument#*=} ;;
            *.jar) jar=${argument%%:*} ;; # without lib/
          esac
        done
        grep -q whole "$jar" || exit 1
        [ -z "$list" ] || printf '  Deliveries  http://localhost:1/\nCaravan is ready.\n'
        [ -z "$dump" ] || touch "$archive"
        exit 0
        """);
  }

  @Test
  void onlyTheFirstCommandBuildsAndItShowsItsProgress() throws Exception {
    String first = caravan(0, "send", "push");
    String second = caravan(0, "send", "push");

    assertThat(first).contains("Building Caravan", "compiler compile");
    assertThat(second).isEmpty();
    assertThat(lastCall()).endsWith("send push").contains("-XX:SharedArchiveFile=");
  }

  @Test
  void aBuildShowsItsProgressAtOnce() throws Exception {
    maven("until [ -f go ]; do sleep 0.01; done; echo whole > target/caravan.jar");
    Process building = start("--version");
    try {
      await()
          .until(() -> Files.readString(output()).contains("  compiler compile (default-compile)"));
    } finally {
      Files.createFile(home.resolve("go"));
    }

    assertThat(building.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(building.exitValue()).isZero();
  }

  @Test
  void aCommandWaitsForTheBuildOfAnotherRatherThanBuildBesideIt() throws Exception {
    assumeTrue(Stream.of("/bin", "/usr/bin").anyMatch(in -> Files.exists(Path.of(in, "flock"))));
    maven(
        "echo build >> builds; until [ -f go ]; do sleep 0.01; done; echo whole > target/caravan.jar");
    Process first = start("run");
    await().until(() -> Files.exists(home.resolve("builds")));
    Path said = home.resolve("said by the second");
    Process second = start(said, "send", "push");
    try {
      await().until(() -> Files.readString(said).contains("Another"));
    } finally {
      Files.createFile(home.resolve("go"));
    }

    assertThat(first.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).as(Files.readString(said)).isZero();
    assertThat(Files.readAllLines(home.resolve("builds"))).hasSize(1);
  }

  @Test
  void aBuildLeavesTheFileToAServerThatRunsOnTheJarBefore() throws Exception {
    caravan(0, "run");
    Path jar = home.resolve("target/caravan.jar");
    Path opened = Files.createLink(home.resolve("opened by the server"), jar);
    maven("echo whole and new > target/caravan.jar");
    Path changed = Files.writeString(home.resolve("src/main/Changed.java"), "");
    Files.setLastModifiedTime(changed, FileTime.from(Instant.now().plusSeconds(5)));

    caravan(0, "send", "push");

    assertThat(jar).hasContent("whole and new");
    assertThat(opened).hasContent("whole");
  }

  @Test
  void itMayBeCalledByALinkFromAnotherDirectory() throws Exception {
    Path link = Files.createSymbolicLink(parent.resolve("link"), home.resolve("caravan"));
    Process process = start(output(), link, "check");

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output())).isZero();
    assertThat(lastCall()).contains(home.resolve("target/caravan.jar") + " ");
  }

  @Test
  void anInterruptedBuildIsRepeated() throws Exception {
    maven("echo half > target/caravan.jar; kill -9 $$");
    caravan(1, "send", "push");
    maven("echo whole > target/caravan.jar");

    assertThat(caravan(0, "send", "push")).contains("Building Caravan");
    assertThat(caravan(0, "send", "push")).isEmpty();
  }

  @Test
  void aJarWithoutTheMarkOfAFinishedBuildIsBuiltAgain() throws Exception {
    caravan(0, "--version");
    Files.writeString(home.resolve("target/caravan.jar"), "half");
    Files.delete(home.resolve("target/caravan.built"));

    assertThat(caravan(0, "--version")).contains("Building Caravan");
  }

  @Test
  void aFailedBuildSaysWhyAndIsRepeated() throws Exception {
    maven("echo '[ERROR] no such symbol'; exit 1");

    assertThat(caravan(1, "check")).contains("[ERROR] no such symbol", "the build failed");
    assertThat(caravan(1, "check")).contains("Building Caravan");
  }

  @Test
  void aJarThatWasBuiltByHandIsTakenAsItIs() throws Exception {
    Files.createDirectories(home.resolve("target"));
    Files.writeString(home.resolve("target/caravan.jar"), "whole");

    assertThat(caravan(0, "check")).doesNotContain("Building");
    assertThat(home.resolve("target/caravan.built")).exists();
  }

  @Test
  void afterAnUpdateOfJavaTheClassesArePreparedAnewBesideTheCommand() throws Exception {
    Path release = Files.writeString(home.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"");
    caravan(0, "check");
    assertThat(caravan(0, "check")).isEmpty();
    assertThat(dumps()).isEqualTo(1);

    Files.writeString(release, "JAVA_VERSION=\"17.0.2\"");
    assertThat(caravan(0, "check")).contains("Java has changed").doesNotContain("Building");

    await().until(() -> dumps() == 2 && !Files.exists(home.resolve("target/caravan.making")));
    assertThat(caravan(0, "check")).isEmpty();
    assertThat(dumps()).isEqualTo(2);
    assertThat(lastCall()).contains("-XX:SharedArchiveFile=");
  }

  @Test
  void onlyTheServerHasTheSecondCompiler() throws Exception {
    caravan(0, "run");
    assertThat(lastCall()).endsWith("run").doesNotContain("TieredStopAtLevel");

    caravan(0, "deliveries", "run");
    assertThat(lastCall()).endsWith("deliveries run").contains("-XX:TieredStopAtLevel=1");
  }

  @Test
  void aBuildToRunItLeavesOutWhatChecksAChange() throws Exception {
    maven("echo \"$@\" > asked; echo whole > target/caravan.jar");
    caravan(0, "run");

    // A Java that is newer than the formatter and Error Prone would otherwise end it.
    assertThat(Files.readString(home.resolve("asked")))
        .contains("-Dunchecked", "-Dmaven.test.skip", "package");
    assertThat(Files.readString(Path.of("pom.xml")))
        .containsPattern("<id>checked</id>\\s+<activation>\\s+<property>\\s+<name>!unchecked<");
  }

  @Test
  void librariesOfTheDirectoryJoinTheClassPath() throws Exception {
    caravan(0, "run");
    assertThat(lastCall()).endsWith("-jar " + home.resolve("target/caravan.jar") + " run");

    Files.writeString(Files.createDirectory(home.resolve("lib")).resolve("driver.jar"), "whole");
    caravan(0, "run");
    assertThat(lastCall())
        .contains("-cp " + home.resolve("target/caravan.jar") + ":")
        .endsWith("/lib/driver.jar dev.caravan.Caravan run");
  }

  @Test
  void aJavaThatWarnsOfUnsafeIsToldNotTo() throws Exception {
    String option = "--sun-misc-unsafe-memory-access=allow";
    Path release = Files.writeString(home.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"");
    caravan(0, "run");
    assertThat(lastCall()).doesNotContain(option);

    Files.writeString(release, "IMPLEMENTOR=\"A\"\nJAVA_VERSION=\"25\"\n");
    caravan(0, "run");
    assertThat(lastCall()).contains(option);
  }

  private Path output() {
    return home.resolve("output");
  }

  private Process start(String... arguments) throws IOException {
    return start(output(), arguments);
  }

  private Process start(Path output, String... arguments) throws IOException {
    return start(output, home.resolve("caravan"), arguments);
  }

  private Process start(Path output, Path script, String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder()
            .command("sh", script.toString())
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("JAVA_HOME", home.resolve("jdk").toString());
    return builder.start();
  }

  private String caravan(int exitCode, String... arguments) throws Exception {
    Process process = start(arguments);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(output());
    assertThat(process.exitValue()).as(said).isEqualTo(exitCode);
    return said;
  }

  private String lastCall() throws IOException {
    List<String> calls = Files.readAllLines(home.resolve("calls"));
    return calls.get(calls.size() - 1);
  }

  private long dumps() throws IOException {
    return Files.readAllLines(home.resolve("calls")).stream()
        .filter(call -> call.contains("-Xshare:dump"))
        .count();
  }

  private void maven(String work) throws IOException {
    script(
        "mvnw",
        "#!/bin/sh\necho '[INFO] --- compiler:3.14.1:compile (default-compile) @ caravan ---'\n"
            + work
            + "\n");
  }

  private void script(String name, String text) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
