package dev.caravan.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class ProgramIT {
  private static final Map<String, String> NO_ENVIRONMENT = Map.of();
  private static final String[] RUN = {"run", "--port", "0", "--management-port", "0"};

  @TempDir Path directory;

  @Test
  void theJarAloneInAnEmptyDirectoryRunsAndSaysWhatToDoNext() throws IOException {
    try (Program program = Program.start(directory, NO_ENVIRONMENT, RUN).awaitReady()) {
      assertThat(program.output())
          .contains("Secret      generated, in data/secret")
          .contains("http://localhost:" + program.port() + "/hooks/handle_github")
          .contains("Routes      log-events.camel.yaml")
          .contains("java -jar caravan.jar send push --port " + program.port());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret())))
          .isEqualTo("rw-------");
      assertThat(program.output()).doesNotContain(Files.readString(secret()).strip());
    }
  }

  @Test
  void itNeedsNoDirectoryForTemporaryFiles() {
    Map<String, String> missing = Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=/dev/null/missing");
    try (Program program = Program.start(directory, missing, RUN).awaitReady()) {
      assertThat(send(program, "push").exitCode()).isZero();
    }
  }

  @Test
  void anEventThatIsSentReachesTheShippedRoute() {
    try (Program program = Program.start(directory, NO_ENVIRONMENT, RUN).awaitReady()) {
      Program send = send(program, "push");

      assertThat(send.exitCode()).isZero();
      assertThat(send.output()).contains("202 Webhook received");
      program.awaitOutput("Received the push event").awaitOutput("\"ref\" : \"refs/heads/main\"");
    }
  }

  @Test
  void withTheJsonFormatEveryLineItPrintsIsAnObject() {
    try (Program program =
        Program.start(
            directory,
            Map.of("CARAVAN_LOG_FORMAT", "json", "GITHUB_WEBHOOK_SECRET", "secret"),
            RUN)) {
      program.awaitOutput("Caravan is ready.").awaitOutput("\n");
      int port =
          Integer.parseInt(program.output().replaceAll("(?s).*localhost:(\\d+)/hooks.*", "$1"));
      Program.run(
          directory,
          Map.of("GITHUB_WEBHOOK_SECRET", "secret"),
          "send",
          "push",
          "--port",
          Integer.toString(port));
      program.awaitOutput("refs/heads/main");
      program.signal("TERM");
      program.exitCode();

      assertThat(program.output().lines())
          .isNotEmpty()
          .allSatisfy(line -> assertThat(new JsonObject(line).getString("message")).isNotEmpty())
          .anySatisfy(
              line ->
                  assertThat(new JsonObject(line).getMap())
                      .containsEntry("logger", "log-events")
                      .containsEntry("event", "push")
                      .containsEntry("repository", "acme/rocket")
                      .containsEntry("message", "Received the push event"));
    }
  }

  @Test
  void aCheckSaysWhetherADirectoryCanBeRun() throws IOException {
    Path routes = Files.createDirectory(directory.resolve("routes"));
    Path file = routes.resolve("forward.camel.yaml");
    Files.copy(Path.of("routes/examples/forward.camel.yaml"), file);

    Program good = Program.run(directory, NO_ENVIRONMENT, "check");
    assertThat(good.output().strip())
        .isEqualTo("The settings are fine, and so are 1 route in 1 file.");
    assertThat(good.exitCode()).isZero();

    Files.writeString(file, Files.readString(file).replace("http", "htp"));
    Files.writeString(
        directory.resolve("application.properties"), "caravan.max-payload = 25 apples\n");

    Program broken = Program.run(directory, NO_ENVIRONMENT, "check");
    assertThat(broken.output().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("application.properties:1: caravan.max-payload is"),
            line -> assertThat(line).startsWith("routes/forward.camel.yaml:").contains("htp"),
            line -> assertThat(line).isEqualTo("2 problems."));
    assertThat(broken.exitCode()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void aSignalStopsItCleanly(String signal) throws IOException {
    assumeTrue(
        signal.equals("TERM") || !isInterruptIgnored(),
        "whoever started the tests ignores SIGINT, as a shell does for a background job, and every"
            + " process started from here inherits that");
    try (Program program = Program.start(directory, NO_ENVIRONMENT, RUN).awaitReady()) {
      program.signal(signal);

      assertThat(program.exitCode()).isZero();
      assertThat(program.output()).doesNotContain("Exception").doesNotContain("ERROR");
    }
  }

  @Test
  void whatWasAcceptedBeforeAStopIsRunAfterTheNextStart() throws IOException {
    Path routes = Files.createDirectory(directory.resolve("routes"));
    try (Program program = Program.start(directory, NO_ENVIRONMENT, RUN).awaitReady()) {
      send(program, "push");
      program.signal("TERM");
      program.exitCode();
    }
    Files.writeString(
        routes.resolve("late.camel.yaml"),
        """
        - route:
            id: late
            from:
              uri: github-webhook:push
              parameters: { startFrom: beginning }
              steps:
                - log: "late got ${header.X-GitHub-Event}"
        """);

    try (Program program = Program.start(directory, NO_ENVIRONMENT, RUN).awaitReady()) {
      program.awaitOutput("late got push");
    }
  }

  @Test
  void aPortInUseIsOneSentence() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
      String port = Integer.toString(taken.getLocalPort());

      Program program =
          Program.run(directory, NO_ENVIRONMENT, "run", "--port", port, "--management-port", "0");

      assertThat(program.exitCode()).isEqualTo(1);
      assertThat(lastLine(program))
          .isEqualTo("port " + port + " is in use by another program; choose another with --port");
      assertThat(program.output()).doesNotContain("\tat ");
    }
  }

  @Test
  void aManagementPortInUseIsOneSentence() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());

      Program program =
          Program.run(directory, NO_ENVIRONMENT, "run", "--port", "0", "--management-port", port);

      assertThat(program.exitCode()).isEqualTo(1);
      assertThat(lastLine(program))
          .contains("127.0.0.1:" + port)
          .contains("Choose another with --management-port.");
      assertThat(program.output()).doesNotContain("\tat ");
    }
  }

  @Test
  void aDataDirectoryInUseIsOneSentence() {
    try (Program first = Program.start(directory, NO_ENVIRONMENT, RUN).awaitReady()) {
      Program second = Program.run(directory, NO_ENVIRONMENT, RUN);

      assertThat(first.output()).doesNotContain("ERROR");
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.output().strip())
          .startsWith("The data directory data is in use by another Caravan (process ")
          .endsWith("Stop that one, or choose another directory with --data.")
          .doesNotContain("\n");
    }
  }

  @Test
  void aBadSettingIsOneSentenceWithItsKey() {
    Program program =
        Program.run(directory, NO_ENVIRONMENT, "run", "--set", "caravan.max-payload=25 apples");

    assertThat(program.exitCode()).isEqualTo(2);
    assertThat(program.output().strip())
        .isEqualTo(
            "caravan.max-payload is '25 apples', which is not a size. Write for instance 64KiB, 25MiB or 10GiB.");
  }

  @Test
  void theCommandLineBeatsTheEnvironmentWhichBeatsTheFileWhichBeatsTheDefaults()
      throws IOException {
    Files.writeString(
        directory.resolve("application.properties"),
        """
        camel.server.port = 1
        camel.management.port = 1
        caravan.path = /of-the-file
        caravan.data = of-the-file
        """);
    Map<String, String> environment =
        Map.of(
            "CAMEL_SERVER_PORT", "0",
            "CAMEL_MANAGEMENT_PORT", "2",
            "CARAVAN_DATA", "of-the-environment",
            "GITHUB_WEBHOOK_SECRET", "of-the-environment");

    try (Program program =
        Program.start(directory, environment, "run", "--set", "camel.management.port=0")
            .awaitReady()) {
      assertThat(program.output())
          .contains("/of-the-file")
          .contains("Secret      as configured")
          .doesNotContain("of-the-environment");
      assertThat(directory.resolve("of-the-environment/log.db")).exists();
      assertThat(directory.resolve("of-the-file")).doesNotExist();
    }
  }

  @Test
  void aRouteAddedWhileItRunsGetsTheNextDelivery() throws IOException {
    Path routes = Files.createDirectory(directory.resolve("routes"));
    try (Program program = Program.start(directory, NO_ENVIRONMENT, RUN).awaitReady()) {
      Files.writeString(
          routes.resolve("added.camel.yaml"),
          """
          - route:
              id: added
              from:
                uri: github-webhook:star
                steps:
                  - log: "added got ${header.X-GitHub-Event}"
          """);
      program.awaitOutput("added.camel.yaml started: [added]");

      send(program, "star");

      program.awaitOutput("added got star");
    }
  }

  @Test
  void aConnectorInLibCanBeUsedByARoute() throws IOException {
    addLibrary();
    Path routes = Files.createDirectory(directory.resolve("routes"));
    Files.writeString(
        routes.resolve("greet.camel.yaml"),
        """
        - route:
            id: greet
            from:
              uri: github-webhook:push
              steps:
                - bean: { beanType: fromlib.Greeter }
                - log: "${body}"
        """);

    try (Program program = Program.start(directory, NO_ENVIRONMENT, RUN).awaitReady()) {
      send(program, "push");

      program.awaitOutput("greetings from lib");
    }
  }

  private Program send(Program to, String event) {
    return Program.run(
        directory, NO_ENVIRONMENT, "send", event, "--port", Integer.toString(to.port()));
  }

  private Path secret() {
    return directory.resolve("data/secret");
  }

  private static boolean isInterruptIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }

  private static String lastLine(Program program) {
    return program.output().strip().lines().reduce((first, second) -> second).orElseThrow();
  }

  private void addLibrary() throws IOException {
    Path source = directory.resolve("source/fromlib/Greeter.java");
    Files.createDirectories(source.getParent());
    Files.writeString(
        source,
        "package fromlib; public class Greeter { public String greet() { return \"greetings from lib\"; } }");
    Path lib = Files.createDirectory(directory.resolve("lib"));
    assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, source.toString()))
        .isZero();
    assertThat(
            java.util.spi.ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(
                    System.out,
                    System.err,
                    "--create",
                    "--file",
                    lib.resolve("greeter.jar").toString(),
                    "-C",
                    directory.resolve("source").toString(),
                    "fromlib/Greeter.class"))
        .isZero();
  }
}
