package dev.caravan.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.Ports;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole applications of others that depend on the component by its coordinates, as their own builds
 * resolve them: {@code ./mvnw verify -Papplications}, two minutes and, the first time, downloads.
 */
@Tag("applications")
class ApplicationsIT {
  private static final Path PROJECTS = Path.of("src/applications").toAbsolutePath();

  /** Into which the build has installed the component; behind it the user's own is read. */
  private static final Path REPOSITORY = Path.of("target/applications/repository").toAbsolutePath();

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "camel-main, own",
    "camel-main, application",
    "spring-boot, own",
    "spring-boot, application"
  })
  void anApplicationReceivesByItsOwnPortOrByTheServerItHas(String project, String server)
      throws IOException, InterruptedException {
    String classPath = classPath(project);
    int port = Ports.free(); // not before, or another program takes it while Maven works
    String url = "http://localhost:%d/github".formatted(port);
    Map<String, String> environment = new HashMap<>();
    environment.put("CAMEL_COMPONENT_GITHUB_WEBHOOK_SECRET", SignedPush.SECRET);
    environment.put("CAMEL_COMPONENT_GITHUB_WEBHOOK_SERVER", server);
    boolean isOwn = server.equals("own");
    environment.put("CAMEL_COMPONENT_GITHUB_WEBHOOK_PORT", String.valueOf(isOwn ? port : 0));
    environment.put("SERVER_PORT", String.valueOf(isOwn ? 0 : port)); // Spring's own
    if (project.equals("camel-main") && !isOwn) {
      environment.put(
          "JAVA_TOOL_OPTIONS", "-Dcamel.server.enabled=true -Dcamel.server.port=" + port);
    }

    try (RunningProgram program =
        new RunningProgram(directory, classPath, "example.Application", environment)) {
      program.awaitAnswer(url);
      assertThat(SignedPush.post(url, "refs/heads/main")).isEqualTo("202 Webhook received");
      assertThat(SignedPush.post(url, "no", "application/json", "another secret of mine"))
          .isEqualTo("403 Invalid signature header");
      await().untilAsserted(() -> assertThat(program.output()).contains("Pushed: refs/heads/main"));
    }
  }

  @Test
  void aQuarkusApplicationReceives() throws IOException, InterruptedException {
    maven("quarkus", "package");
    int port = Ports.free();
    String url = "http://localhost:%d/github".formatted(port);
    Map<String, String> environment =
        Map.of(
            "GITHUB_WEBHOOK_SECRET",
            SignedPush.SECRET,
            "GITHUB_WEBHOOK_PORT",
            String.valueOf(port));

    try (RunningProgram program =
        new RunningProgram(
            directory,
            PROJECTS.resolve("quarkus/target/quarkus-app/quarkus-run.jar").toString(),
            "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
            environment)) {
      program.awaitAnswer(url);
      assertThat(SignedPush.post(url, "refs/heads/main")).isEqualTo("202 Webhook received");
      await().untilAsserted(() -> assertThat(program.output()).contains("Pushed: refs/heads/main"));
    }
  }

  /** As the application itself may do it, or a tool through JMX. */
  @ParameterizedTest
  @ValueSource(strings = {"own", "application"})
  void aSpringBootApplicationThatStartsItsCamelContextAnewReceivesAgain(String server)
      throws IOException, InterruptedException {
    String classPath = classPath("spring-boot");
    Path more = directory.resolve("more");
    compileRestart(more, classPath);
    int port = Ports.free();
    String url = "http://localhost:%d/github".formatted(port);
    boolean isOwn = server.equals("own");
    Map<String, String> environment =
        Map.of(
            "CAMEL_COMPONENT_GITHUB_WEBHOOK_SECRET",
            SignedPush.SECRET,
            "CAMEL_COMPONENT_GITHUB_WEBHOOK_SERVER",
            server,
            "CAMEL_COMPONENT_GITHUB_WEBHOOK_PORT",
            String.valueOf(isOwn ? port : 0),
            "SERVER_PORT",
            String.valueOf(isOwn ? 0 : port));
    try (RunningProgram program =
        new RunningProgram(
            directory, more + File.pathSeparator + classPath, "example.Application", environment)) {
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(program.output()).contains("Started anew."));
      program.awaitAnswer(url);
      assertThat(SignedPush.post(url, "refs/heads/main")).isEqualTo("202 Webhook received");
      await().untilAsserted(() -> assertThat(program.output()).contains("Pushed: refs/heads/main"));
    }
  }

  /** A part of the application that stops its context and starts it again. */
  private static void compileRestart(Path more, String classPath) throws IOException {
    Files.writeString(
        Files.createDirectories(more.resolve("example")).resolve("Restart.java"),
        """
        package example;

        import org.apache.camel.CamelContext;
        import org.springframework.boot.ApplicationArguments;
        import org.springframework.boot.ApplicationRunner;
        import org.springframework.stereotype.Component;

        @Component
        public class Restart implements ApplicationRunner {
          private final CamelContext context;

          public Restart(CamelContext context) {
            this.context = context;
          }

          @Override
          public void run(ApplicationArguments arguments) {
            context.stop();
            context.start();
            System.out.println("Started anew.");
          }
        }
        """);
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", classPath, more + "/example/Restart.java"))
        .isZero();
  }

  /** As Maven resolves it from the project's own pom. */
  private String classPath(String project) throws IOException, InterruptedException {
    Path found = directory.resolve("classpath.txt");
    maven(project, "-Dmdep.outputFile=" + found, "compile", "dependency:build-classpath");
    return PROJECTS.resolve(project).resolve("target/classes")
        + File.pathSeparator
        + Files.readString(found).strip();
  }

  private void maven(String project, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of("mvnw").toAbsolutePath().toString()));
    command.addAll(List.of("-q", "-B", "-ntp", "-f", PROJECTS.resolve(project) + "/pom.xml"));
    command.add("-Dmaven.repo.local=" + REPOSITORY);
    command.add("-Dmaven.repo.local.tail=" + System.getProperty("applications.repository"));
    command.addAll(List.of(arguments));
    RunningProgram.run(Files.createDirectories(directory.resolve("build")), command);
  }
}
