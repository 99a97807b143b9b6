package dev.caravan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars in lib/ are there for everything that a route can name. */
class LibrariesTest {
  @TempDir Path directory;

  @Test
  void aJavaRouteImportsFromLibAndMayNameEndpointsByMethods() throws Exception {
    library(
        "acme/Greeting.java",
        "package acme;\npublic class Greeting { public String of(String name) { return \"hello \" + name; } }\n");
    write(
        "routes/Greets.java",
        """
        import acme.Greeting;
        import org.apache.camel.builder.RouteBuilder;

        public class Greets extends RouteBuilder {
          @Override
          public void configure() {
            java.util.random.RandomGenerator.getDefault(); // a service of the runtime's own
            from("github-webhook:push")
                .routeId(new Greeting().of("java").replace(' ', '-'))
                .bean(Greeting.class, "of(${header.X-GitHub-Event})");
          }
        }
        """);
    write(
        "routes/Typed.java",
        """
        import org.apache.camel.builder.endpoint.EndpointRouteBuilder;

        public class Typed extends EndpointRouteBuilder {
          @Override
          public void configure() {
            from("github-webhook:push")
                .routeId("typed")
                .to(http("localhost:8080/deploy").disableStreamCache(true))
                .to(kafka("pushes").brokers("localhost:9092"));
          }
        }
        """);
    write(
        "routes/greets.camel.yaml",
        """
        - route:
            id: greets
            from:
              uri: github-webhook:push
              steps:
                - bean: { beanType: acme.Greeting, method: "of(${body})" }
        """);

    Process check =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath(),
                "dev.caravan.Caravan",
                "check")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(check.getInputStream().readAllBytes(), UTF_8))
        .contains("The settings are fine, and so are 3 routes in 3 files.");
    assertThat(check.waitFor()).isZero();
  }

  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void library(String source, String text) throws IOException {
    Path file = write("source/" + source, text);
    assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, file.toString()))
        .isZero();
    Files.createDirectories(directory.resolve("lib"));
    try (OutputStream out = Files.newOutputStream(directory.resolve("lib/acme.jar"));
        JarOutputStream jar = new JarOutputStream(out)) {
      jar.putNextEntry(new JarEntry("acme/Greeting.class"));
      jar.write(Files.readAllBytes(directory.resolve("source/acme/Greeting.class")));
    }
  }

  private Path write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
