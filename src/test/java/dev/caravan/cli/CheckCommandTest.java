package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckCommandTest {
  private static final String GOOD =
      """
      - route:
          id: ci
          from:
            uri: github-webhook:push
            steps:
              - to: "kafka:events?brokers=no.such.host.invalid:9092"
      - route:
          id: other
          from:
            uri: "kafka:orders?brokers=no.such.host.invalid:9092"
            steps:
              - to: http://no.such.host.invalid/
      """;

  @TempDir Path directory;

  @Test
  void aGoodDirectoryIsCountedAndNothingIsStartedOrWritten() throws IOException {
    write("routes/a.camel.yaml", GOOD);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
      write("application.properties", "camel.server.port = " + taken.getLocalPort());

      Invocation check = check();

      assertThat(check.out())
          .isEqualToIgnoringNewLines("The settings are fine, and so are 2 routes in 1 file.");
      assertThat(check.exitCode()).isZero();
      assertThat(directory.resolve("data")).doesNotExist();
    }
  }

  @Test
  void everyProblemOfSettingsAndRoutesIsNamedWithItsPlace() throws IOException {
    write(
        "application.properties",
        """
        # comment
        caravan.max-payload = 25 apples
        caravan.dedupe = never
        caravan.retention.age = 7d
        caravan.tls.certificate = missing.pem
        caravan.tls.key = missing.pem
        caravan.log.format = xml
        caravan.allow = github, everyone
        caravan.secrets.a = secret
        caravan.secrets.a.file = missing
        """);
    write("routes/a.camel.yaml", GOOD.replace("to: http://", "to: nosuch://"));
    write(
        "routes/b.camel.yaml", GOOD.replace("id: ci", "id: b").replace("id: other", "id: other-b"));
    write("routes/c.camel.yaml", GOOD.replace("id: ci", "id: b").replace("id: other", "id: c"));
    write(
        "routes/d.camel.yaml",
        GOOD.replace("id: ci", "id: d")
            .replace("id: other", "id: other-d")
            .replace("webhook:push", "webhook:push?subscription=b"));

    Invocation check = check();

    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.out().lines().map(line -> line.replace(directory + "/", "")))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).startsWith("application.properties:2: caravan.max-payload is"),
            line -> assertThat(line).startsWith("application.properties:3: caravan.dedupe is"),
            line -> assertThat(line).startsWith("application.properties:7: caravan.log.format is"),
            line -> assertThat(line).startsWith("application.properties:8: caravan.allow"),
            line -> assertThat(line).startsWith("application.properties:10: caravan.secrets.a and"),
            line ->
                assertThat(line)
                    .startsWith("routes/a.camel.yaml:12: No endpoint could be found for: nosuch:"),
            line ->
                assertThat(line)
                    .startsWith(
                        "routes/c.camel.yaml:1: the id 'b', in line 1, is taken by a route"),
            line ->
                assertThat(line)
                    .startsWith(
                        "routes/d.camel.yaml:4: Routes 'b' and 'd' both use the subscription"),
            line -> assertThat(line).isEqualTo("8 problems."));
    assertThat(check.out()).doesNotContain("secret,");
  }

  /** The server would refuse it: what comes of it is no news. */
  @Test
  void aKeyOfCamelsThatHasNoEffectDoesNotKeepTheRoutesFromBeingChecked() throws IOException {
    write("application.properties", "camel.main.shutdownTimeout = soon");
    write("routes/a.camel.yaml", GOOD.replace("to: http://", "to: nosuch://"));

    Invocation check = check();

    assertThat(check.out().lines().map(line -> line.replace(directory + "/", "")))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("application.properties:1: camel.main.shutdownTimeout has no"),
            line ->
                assertThat(line)
                    .startsWith("routes/a.camel.yaml:12: No endpoint could be found for: nosuch:"),
            line -> assertThat(line).isEqualTo("2 problems."));
  }

  @Test
  void anUnknownVariableThatLooksLikeASettingIsNamed() throws IOException {
    write("routes/a.camel.yaml", GOOD);

    Invocation check =
        Invocation.of(
            Map.of(
                "CARAVAN_MAX_PAYLOD", "1MiB",
                "CAMEL_VERSION", "4",
                "CAMEL_COMPONET_HTTP_CONNECT_TIMEOUT", "5s",
                "CAMEL_COMPONENT_HTTP_CONNECT_TIMEOUT", "5s",
                "CARAVAN_MAX_PAYLOAD", "10MiB",
                "CARAVAN_JAVA_OPTIONS", "-Xmx1g",
                "CARAVAN_PORT", "tcp://10.0.0.1:8000",
                "CARAVAN_SERVICE_HOST", "10.0.0.1",
                "CARAVAN_PORT_8000_TCP_ADDR", "10.0.0.1"),
            directory,
            "check");

    assertThat(check.exitCode()).isZero();
    assertThat(check.out().lines())
        .containsExactly(
            "warning: CAMEL_COMPONET_HTTP_CONNECT_TIMEOUT, in the environment, is not a setting and is ignored.",
            "warning: CAMEL_VERSION, in the environment, is not a setting and is ignored.",
            "warning: CARAVAN_MAX_PAYLOD, in the environment, is not a setting and is ignored.",
            "The settings are fine, and so are 2 routes in 1 file.");
  }

  @Test
  void aFileThatOnlyLooksLikeARouteIsNamed() throws IOException {
    write("routes/a.camel.yaml", GOOD);
    for (String name :
        List.of(
            "my.yaml",
            "b.yml",
            "c.camel.yml",
            "d.xml",
            "sub/e.camel.yaml",
            "sub/f.yml",
            "shared/more/h.kamelet.yaml",
            "g.jar",
            "examples/h.camel.yaml",
            "README.md",
            ".i.yaml",
            "j.yaml~")) {
      write("routes/" + name, "- route:");
    }

    Invocation check = check();

    assertThat(check.exitCode()).isZero();
    String over = ": warning: it is not read: ";
    assertThat(check.out().lines().map(line -> line.replace(directory + "/routes/", "")))
        .containsExactly(
            "b.yml" + over + "a route file's name ends in .camel.yaml. Rename it to b.camel.yaml",
            "c.camel.yml"
                + over
                + "a route file's name ends in .camel.yaml. Rename it to c.camel.yaml",
            "d.xml" + over + "routes are read in YAML and in Java. Write it as d.camel.yaml",
            "g.jar" + over + "a library is looked for in lib/. Move it there, and start again",
            "my.yaml"
                + over
                + "a route file's name ends in .camel.yaml. Rename it to my.camel.yaml",
            "shared/more/h.kamelet.yaml"
                + over
                + "only files in routes/shared itself count. Move it there",
            "sub/e.camel.yaml"
                + over
                + "only files in the routes directory itself count. Move it there",
            "sub/f.yml"
                + over
                + "only files in the routes directory itself count. Move it there; and a route file's name ends in .camel.yaml. Rename it to f.camel.yaml",
            "The settings are fine, and so are 2 routes in 1 file.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "caravan.tls.certificate = missing.pem | caravan.tls.certificate is set and",
        "caravan.no-such = 1                   | caravan.no-such, in ",
        "caravan.secrets-directory = missing   | caravan.secrets-directory",
        "caravan.log = mysql://db1/caravan     | caravan.log is 'mysql://db1/caravan'",
        "caravan.log = postgresql://db1/caravan | caravan.log or caravan.log.schema cannot be used",
        "caravan.log.ship = nowhere            | caravan.log.ship: 'nowhere' is neither",
        "caravan.log.ship.every = 0s           | caravan.log.ship.every is",
        "caravan.log.ship.base = 1s            | caravan.log.ship.base is",
        "caravan.log.ship.keep = 0             | caravan.log.ship.keep is",
        "caravan.health.port = 65536           | caravan.health.port is",
        "camel.main.no-such = hidden           | Camel has no setting camel.main.noSuch",
        "camel.component.http.connect-timeout = hidden | Camel has no setting camel.component.http.connectTimeout",
        "camel.component.http.connect-timeout = abc | camel.component.http.connect-timeout has a value that is neither",
        "camel.component.kafka.session-timeout-ms = 12q | camel.component.kafka.session-timeout-ms has a value",
        "camel.component.http.connectionsPerRoute = x | camel.component.http.connectionsPerRoute has a value",
        "camel.server.max-body-size = 1         | camel.server.max-body-size has no effect in Caravan: caravan.max-payload",
        "camel.server.authentication-enabled = true | camel.server.authentication-enabled has no effect in Caravan",
        "camel.management.metricsEnabled = true | camel.management.metricsEnabled has no effect in Caravan",
        "camel.component.github-webhook.port = 1 | camel.component.github-webhook.port has no effect in Caravan, only in other programs",
        "camel.componet.http.connect-timeout = 1s | Camel has no setting camel.componet.http.connect-timeout",
        "camel.main.shutdown-timeout = 1        | camel.main.shutdown-timeout has no effect in Caravan: caravan.stop-timeout",
        "camel.main.routesIncludePattern = x.yaml | camel.main.routesIncludePattern has no effect in Caravan: caravan.routes",
        "camel.main.routesBuilderClasses = a.B  | camel.main.routesBuilderClasses has no effect in Caravan: caravan.routes",
        "camel.context.name = mine              | camel.context.name has no effect in Caravan",
        "camel.main.dumpRoutesLog = true        | camel.main.dumpRoutesLog has no effect in Caravan",
        "camel.health.routes-enabled = false    | camel.health.routes-enabled has no effect in Caravan",
        "camel.metrics.enabled = true           | camel.metrics.enabled has no effect in Caravan",
        "camel.routecontroller.enabled = true   | camel.routecontroller.enabled has no effect in Caravan",
        "camel.routeTemplate[0].templateId = a  | camel.routeTemplate[0].templateId has no effect in Caravan",
        "camel.opentelemetry2.enabled = true    | camel.opentelemetry2.enabled has no effect in Caravan: caravan.tracing",
        "camel.debug.enabled = true             | camel.debug.enabled has no effect in Caravan",
        "camel.beans.x = #class:org.apache.camel.builder.RouteBuilder | camel.beans.x is a route (org.apache.camel.builder.RouteBuilder), and routes are not beans: caravan.routes",
        "camel.beans.x = #class:com.acme.Nope   | camel.beans.x names the class com.acme.Nope, which is missing",
      })
  void aSettingThatCannotBeUsedIsAProblem(String setting, String problem) throws IOException {
    write("application.properties", setting);

    Invocation check = check();

    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.out())
        .contains("application.properties:1: ")
        .contains(problem)
        .doesNotContain("hidden");
  }

  @Test
  void aServiceThatSettingsTurnOnAndThatIsNotThereIsNamedWithTheCommandThatAddsIt()
      throws IOException {
    write("application.properties", "camel.lra.enabled = true");

    assertThat(check().out())
        .contains("missing (LRASagaService). Add it and start again: caravan add camel-lra");
  }

  @Test
  void theSettingsOfASharedLogAreCheckedWithoutConnecting() throws IOException {
    write("routes/a.camel.yaml", GOOD);
    String log = "caravan.log = postgresql://caravan@no.such.host.invalid/caravan\n";
    write(
        "application.properties",
        log + "caravan.cluster.lease = 1s\ncaravan.log.ship = file:/mnt/backup\n");

    assertThat(check().out().lines().map(line -> line.replace(directory + "/", "")))
        .satisfiesExactlyInAnyOrder(
            line ->
                assertThat(line).startsWith("application.properties:2: caravan.cluster.lease is"),
            line ->
                assertThat(line).startsWith("application.properties:3: caravan.log.ship is set"),
            line ->
                assertThat(line).startsWith("application.properties:1: caravan.secret is not set"),
            line ->
                assertThat(line)
                    .startsWith("application.properties:1: caravan.management.token is not set"),
            line -> assertThat(line).isEqualTo("4 problems."));

    write(
        "application.properties",
        log
            + "caravan.secret = It's a Secret to Everybody\n"
            + "caravan.management.token = 0123456789abcdef0123456789abcdef\n");
    assertThat(check().out()).startsWith("The settings are fine");
  }

  @Test
  void aPlaceholderCanTakeItsValueFromAFile() throws IOException {
    write("token", " 271828182\n");
    String file = directory.resolve("token").toString();
    write("application.properties", "camel.component.http.connect-timeout = {{file:" + file + "}}");
    String route =
        "- route: { id: a, from: { uri: github-webhook:push, steps: [ { to: \"log:x?%s\" } ] } }";
    write("routes/a.camel.yaml", route.formatted("groupSize={{file:" + file + "}}"));
    assertThat(check().out()).contains("The settings are fine, and so are 1 route in 1 file.");

    write("routes/a.camel.yaml", route.formatted("nosuch={{file:" + file + "}}"));
    assertThat(check().out())
        .contains("a.camel.yaml:1: ")
        .contains("nosuch")
        .doesNotContain("271828182");

    write("routes/a.camel.yaml", route.formatted("groupSize={{file:/no/such}}"));
    assertThat(check().out()).contains("{{file:/no/such}}: there is no such file");
  }

  @Test
  void aProfileOfCamelsAndPlaceholdersAsCamelDocumentsThemAreFine() throws IOException {
    write("application.properties", "camel.main.profile = dev");
    write("application-dev.properties", "mine = a\nnumber = 5");
    write(
        "routes/a.camel.yaml",
        """
        - route:
            id: a
            from:
              uri: github-webhook:push
              steps:
                - setBody: { simple: "${properties:mine}" }
                - to: "log:{{mine}}?marker={{env:NO_SUCH_VARIABLE:b}}&groupSize={{sys:no.such:5}}"
                - to: "log:a?groupSize={{properties:number}}&groupInterval={{properties:no.such:5}}"
        """);

    assertThat(check().out()).contains("The settings are fine, and so are 1 route in 1 file.");

    write("application-dev.properties", "");
    assertThat(check().out()).contains("mine");
    assertThat(check().exitCode()).isEqualTo(1);
  }

  @Test
  void aBinarySettingsFileIsAProblem() throws IOException {
    Path file = directory.resolve("application.properties");
    Files.write(file, "caravan.dedupe = gu\u00efd".getBytes(StandardCharsets.ISO_8859_1));

    Invocation check = check();

    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.out()).startsWith(file + " is not UTF-8 in line 1");
  }

  @Test
  void aMisspeltEventIsAWarningWithTheNearestNames() throws IOException {
    write("routes/a.camel.yaml", GOOD.replace("webhook:push", "webhook:pusch"));

    Invocation check = check();

    assertThat(check.exitCode()).isZero();
    assertThat(check.out().lines().toList().get(0))
        .endsWith(
            "routes/a.camel.yaml:4: warning: GitHub documents no event 'pusch'. The nearest names are push, watch, ping. Until GitHub sends such an event, nothing comes.");
    assertThat(check.out()).contains("so are 2 routes in 1 file.");
  }

  @Test
  void aRouteWithAFalsePreconditionIsLeftOutAndHidesNothingOfTheOthers() throws IOException {
    write(
        "routes/a.camel.yaml",
        GOOD.replace("id: ci", "id: ci\n    precondition: \"{{?no.such}}\""));
    write(
        "routes/b.camel.yaml",
        GOOD.replace("id: other", "id: b").replace("to: http://", "to: nosuch://"));

    Invocation check = check();

    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.out())
        .contains("b.camel.yaml:12: No endpoint could be found for: nosuch:")
        .contains("1 problem.");
  }

  @Test
  void aFileThatCannotBeReadIsAProblemBesideThoseOfTheOthers() throws IOException {
    Path unreadable = Path.of("/proc/self/mem"); // even for root: at its beginning is no memory
    assumeTrue(Files.isRegularFile(unreadable), "only Linux has such a file");
    write("routes/a.camel.yaml", GOOD.replace("to: http://", "to: nosuch://"));
    Files.createSymbolicLink(directory.resolve("routes/b.camel.yaml"), unreadable);

    Invocation check = check();

    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.out())
        .contains("a.camel.yaml:12: No endpoint could be found for: nosuch:")
        .contains("b.camel.yaml: it cannot be read (")
        .contains("2 problems.");
  }

  @Test
  void aRoutesDirectoryThatIsAFileIsAProblem() throws IOException {
    write("routes", GOOD);

    Invocation check = check();

    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.out()).contains("routes: it is not a directory").contains("1 problem.");
  }

  @Test
  void sharedFilesAreCheckedAndTheRoutesThatNameWhatTheyOffer() throws IOException {
    write(
        "routes/shared/errors.camel.yaml",
        "- routeConfiguration: { id: gentle }\n- onException: {}\n");
    write(
        "routes/a.camel.yaml", GOOD.replace("id: ci", "id: ci\n    routeConfigurationId: gentle"));

    Invocation check = check();

    assertThat(check.exitCode()).isNotZero();
    assertThat(check.out() + check.err())
        .contains("routes/shared/errors.camel.yaml:2: onException: is not shared.")
        .contains("routes/a.camel.yaml:1: the route names the routeConfigurationId 'gentle'");
  }

  @Test
  void withoutARoutesDirectoryItWarnsAndChecksTheShippedRoute() {
    Invocation check = Invocation.of(Map.of(), directory, "check", "--routes", "rotues");

    assertThat(check.exitCode()).isZero();
    assertThat(check.out())
        .isEqualToIgnoringNewLines(
            directory.resolve("rotues")
                + ": warning: there is no such directory. Until there is, the route that Caravan ships runs, and was checked."
                + "The settings are fine, and so are 1 route in 1 file.");
  }

  private Invocation check() {
    return Invocation.of(Map.of(), directory, "check");
  }

  private void write(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
