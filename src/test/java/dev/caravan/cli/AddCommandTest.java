package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.libraries.Bundled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code caravan add}, against a Maven repository on this machine. */
class AddCommandTest {
  private static final String CAMEL = Bundled.read().camelVersion();
  private static final String SUPPORT = "org.apache.camel:camel-support:" + CAMEL;

  private MavenServer maven;
  @TempDir private Path directory;

  @BeforeEach
  void fillTheRepository() throws IOException {
    maven = new MavenServer();
    maven.versions(
        "org.apache.camel:camel-bom:" + CAMEL,
        "org.apache.camel:camel-sql:" + CAMEL,
        "org.apache.camel:camel-jms:" + CAMEL);
    maven.versions("org.apache.camel:camel-parent:" + CAMEL, "com.h2database:h2:2.4.240");
    String netty = version("io.netty", "netty-common");
    maven.versions("io.netty:netty-bom:" + netty, "io.netty:netty-native:" + netty);
    maven.versions(
        "com.fasterxml.jackson:jackson-bom:"
            + version("com.fasterxml.jackson.core", "jackson-core"));
    maven.jar("io.netty:netty-native:" + netty);
    maven.jar("com.acme:nettish:1.0", "io.netty:netty-native:4.0");
    maven.jar("org.apache.camel:camel-sql:" + CAMEL, SUPPORT, "org.spring:spring-jdbc:6.2");
    maven.jar("org.apache.camel:camel-jms:" + CAMEL, SUPPORT, "org.spring:spring-jms:6.2");
    maven.jar(
        "org.spring:spring-jdbc:6.2", "org.spring:spring-core:6.2", "org.slf4j:slf4j-api:1.0");
    maven.jar("org.spring:spring-jms:6.2", "org.spring:spring-core:6.1");
    maven.jar("org.spring:spring-core:6.1");
    maven.jar("org.spring:spring-core:6.2");
    maven.jar("com.h2database:h2:2.4.240");
    maven.jar("com.acme:client:2.0");
    maven.settings(directory);
  }

  @AfterEach
  void close() {
    maven.close();
  }

  @Test
  void aConnectorComesWithAllItNeedsAndNothingThatTheJarHas() throws IOException {
    Invocation add = add("camel-sql");

    assertThat(add.err()).doesNotContain("camel-support").contains("camel-sql-" + CAMEL + ".jar");
    assertThat(add.out())
        .startsWith("camel-sql " + CAMEL)
        .contains("3 jars came into lib/.", "Start Caravan again");
    assertThat(add.exitCode()).isZero();
    assertThat(jars())
        .containsExactly(
            "camel-sql-" + CAMEL + ".jar", "spring-core-6.2.jar", "spring-jdbc-6.2.jar");
  }

  @Test
  void theCatalogueOfKameletsComesInTheVersionOfCamel() throws IOException {
    maven.jar("org.apache.camel.kamelets:camel-kamelets:" + CAMEL);
    maven.jar("org.apache.camel.kamelets:camel-kamelets:99.0.0");

    assertThat(add("camel-kamelets").exitCode()).isZero();

    assertThat(jars()).containsExactly("camel-kamelets-" + CAMEL + ".jar");
  }

  @Test
  void whatTwoLibrariesNeedComesOnceEvenIfTheyAreAddedOneByOne() throws IOException {
    add("jms");
    assertThat(jars()).contains("spring-core-6.1.jar");

    assertThat(add("sql").exitCode()).isZero();

    assertThat(jars())
        .containsExactly(
            "camel-jms-" + CAMEL + ".jar",
            "camel-sql-" + CAMEL + ".jar",
            "spring-core-6.2.jar",
            "spring-jdbc-6.2.jar",
            "spring-jms-6.2.jar");
    assertThat(add("sql").out()).contains("All of it is in lib/ already.");
  }

  @Test
  void anotherLibraryComesInTheVersionThatCamelWasTriedWithOrTheNewestOrTheOneAskedFor()
      throws IOException {
    maven.jar("com.acme:old:1.0");

    Invocation add = add("com.h2database:h2", "com.acme:client", "com.acme:old:1.0");

    assertThat(add.out())
        .contains("com.h2database:h2 2.4.240", "com.acme:client 2.0", "com.acme:old 1.0");
    assertThat(jars()).containsExactly("client-2.0.jar", "h2-2.4.240.jar", "old-1.0.jar");
  }

  @Test
  void partsOfALibraryThatTheJarHasInPartComeInTheSameVersion() throws IOException {
    add("com.acme:nettish:1.0");

    assertThat(jars())
        .containsExactly(
            "nettish-1.0.jar", "netty-native-" + version("io.netty", "netty-common") + ".jar");
  }

  /** Of Netty's native parts the jar has those that it can use, of a version of their own. */
  @Test
  void nativePartsThatTheJarHasOrThatAreForAnotherSystemAreNotFetched() throws IOException {
    String netty = version("io.netty", "netty-common");
    String epoll = "io.netty:netty-transport-native-epoll:" + netty;
    String kqueue = "io.netty:netty-transport-native-kqueue:" + netty;
    maven.versions(epoll);
    maven.versions(kqueue);
    maven.jar(
        "com.acme:queue:1.0",
        epoll + ":linux-x86_64",
        epoll + ":linux-aarch_64",
        kqueue + (System.getProperty("os.name").startsWith("Mac") ? ":linux-x" : ":osx-x86_64"));

    assertThat(add("com.acme:queue:1.0").exitCode()).isZero();

    assertThat(jars()).containsExactly("queue-1.0.jar");
  }

  private static String version(String group, String artifact) {
    return Bundled.read().find(group, artifact).orElseThrow().version();
  }

  @Test
  void aLibraryOfTheJarIsReportedAndNotFetched() throws IOException {
    Invocation add = add("camel-kafka");

    assertThat(add.out()).contains("camel-kafka is in Caravan's jar already (" + CAMEL + ").");
    assertThat(add.exitCode()).isZero();
    assertThat(jars()).isEmpty();
    assertThat(maven.asked()).isEmpty();
  }

  @Test
  void aJarThatTheUserHasPutThereStaysAndIsNotDoubled() throws IOException {
    Files.createDirectories(directory.resolve("lib"));
    Files.writeString(directory.resolve("lib/spring-core-6.2.1.jar"), "mine");

    add("camel-sql");

    assertThat(jars())
        .containsExactly(
            "camel-sql-" + CAMEL + ".jar", "spring-core-6.2.1.jar", "spring-jdbc-6.2.jar");
    assertThat(run("add", "--list").out())
        .contains("put there by you:" + System.lineSeparator() + "  spring-core-6.2.1.jar");
  }

  @Test
  void removingWithoutANameIsRefused() {
    Invocation nothing = add("--remove");

    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err()).contains("Which libraries?", "--list");
    assertThat(directory.resolve("lib")).doesNotExist();
  }

  @Test
  void removingALibraryDeletesWhatNothingElseNeeds() throws IOException {
    add("camel-sql", "camel-jms");

    assertThat(add("--remove", "camel-sql").out()).contains("1 jar came into lib/ and 3 went");

    assertThat(jars())
        .containsExactly(
            "camel-jms-" + CAMEL + ".jar", "spring-core-6.1.jar", "spring-jms-6.2.jar");
    Invocation again = add("--remove", "camel-sql");
    assertThat(again.err()).contains("camel-sql was not added to");
    assertThat(again.exitCode()).isEqualTo(1);
  }

  @Test
  void theListTellsWhatIsInLibAndWhatTheJarBrings() throws IOException {
    add("camel-sql");

    Invocation list = run("add", "--list");

    assertThat(list.exitCode()).isZero();
    assertThat(list.out().lines().map(String::strip))
        .anyMatch(line -> line.matches("camel-sql \\S+ +sql, sql-stored"))
        .anyMatch(line -> line.matches("camel-mail \\S+ +imap, imaps, mimeMultipart, pop3.*"))
        .contains("spring-jdbc-6.2.jar");
  }

  @Test
  void withoutNamesTheRecordsMissingJarsAreFetchedAgain() throws IOException {
    add("camel-sql");
    Files.delete(directory.resolve("lib/spring-core-6.2.jar"));

    assertThat(add().out()).contains("1 jar came into lib/");

    assertThat(jars()).contains("spring-core-6.2.jar");
  }

  @Test
  void aMistypedNameIsAnsweredWithTheNearestAndFetchesNothing() throws IOException {
    Invocation add = add("camel-sqll");

    assertThat(add.err())
        .contains("Camel " + CAMEL + " has no camel-sqll. Did you mean camel-sql or camel-solr?");
    assertThat(add.exitCode()).isEqualTo(2);
    assertThat(maven.asked()).isEmpty();
  }

  @Test
  void aLibraryThatDoesNotExistIsReportedAndLibStaysAsItWas() throws IOException {
    Invocation add = add("camel-sql", "com.acme:nothing:1.0");

    assertThat(add.err()).contains("There is no com.acme:nothing:1.0 in " + maven.url());
    assertThat(add.exitCode()).isEqualTo(1);
    assertThat(jars()).isEmpty();
  }

  @Test
  void aFileWithoutTheRightChecksumIsNotTaken() throws IOException {
    maven.spoil("org.spring:spring-core:6.2");

    Invocation add = add("camel-sql");

    assertThat(add.err())
        .contains("org.spring:spring-core:6.2", "does not have the right checksum");
    assertThat(add.exitCode()).isEqualTo(1);
    assertThat(jars()).isEmpty();
  }

  @Test
  void withoutANetworkItReportsThatAndStillTakesWhatThisMachineHas() throws IOException {
    add("camel-sql");
    maven.close();

    Invocation unreachable = add("camel-jms");

    assertThat(unreachable.err())
        .contains(maven.url() + " cannot be reached", "Nothing was added.");
    assertThat(unreachable.exitCode()).isEqualTo(1);
    Invocation offline = add("--offline", "camel-jms");
    assertThat(offline.err()).contains("is not in " + directory.resolve("repository"), "offline");
    Files.delete(directory.resolve("lib/spring-core-6.2.jar"));
    assertThat(add("--offline").exitCode()).isZero();
    assertThat(jars()).contains("spring-core-6.2.jar");
  }

  @Test
  void aProxyOfMavensSettingsIsUsed() throws IOException {
    MavenServer.settings(
        directory,
        """
        <proxies><proxy><active>true</active><protocol>http</protocol><host>localhost</host><port>%d</port>
        <nonProxyHosts>none</nonProxyHosts></proxy></proxies>
        <mirrors><mirror><id>there</id><mirrorOf>*</mirrorOf><url>http://maven.invalid/maven2</url></mirror></mirrors>
        """
            .formatted(maven.port()));

    assertThat(add("camel-sql").exitCode()).isZero();

    assertThat(maven.asked()).allMatch(address -> address.startsWith("http://maven.invalid/"));
  }

  @Test
  @Tag("long") // from Maven Central
  void realConnectorsJoinAndTheirRoutesPassTheCheck() throws IOException {
    Invocation add = run("add", "camel-sql", "camel-amqp", "camel-aws2-sqs", "com.h2database:h2");

    assertThat(add.err()).doesNotContain("Nothing was added");
    assertThat(add.exitCode()).isZero();
    assertThat(jars()).noneMatch(name -> name.startsWith("camel-support-"));
  }

  private Invocation add(String... arguments) {
    return run(
        Stream.concat(Stream.of("add", "--maven-settings", "settings.xml"), Stream.of(arguments))
            .toArray(String[]::new));
  }

  private Invocation run(String... arguments) {
    return Invocation.of(Map.of(), directory, arguments);
  }

  private List<String> jars() throws IOException {
    if (!Files.isDirectory(directory.resolve("lib"))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory.resolve("lib"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".jar"))
          .sorted()
          .toList();
    }
  }
}
