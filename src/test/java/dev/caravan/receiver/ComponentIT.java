package dev.caravan.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.Ports;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The component's jar in a program on camel-main, with what its pom names on the class path and
 * nothing else of ours. {@code ApplicationsIT} has whole projects.
 */
class ComponentIT {
  private static final Path JARS = Path.of("target/component");

  /** What the component's pom brings, what that brings, and camel-main with a connector. */
  private static final Pattern LIBRARIES =
      Pattern.compile(
          "(camel-(api|base|base-engine|bean|cluster|core-engine|core-languages|core-model"
              + "|core-processor|core-reifier|dsl-support|file|http-base|main|management-api"
              + "|platform-http|support|util|util-json|xml-jaxp-util|yaml-dsl[a-z-]*)|vertx-core"
              + "|netty-[a-z0-9-]+|sqlite-jdbc|zstd-jni|jackson-(core|databind|annotations)"
              + "|slf4j-api|jspecify|snakeyaml-engine)-[0-9].*\\.jar");

  @TempDir Path directory;

  @Test
  void aProgramOnCamelMainReceivesWithTheThinJarAndAnEnvironmentAlone() throws IOException {
    Path seen = directory.resolve("seen");
    Files.createDirectory(directory.resolve("camel")); // where camel-main looks by itself
    Files.writeString(
        directory.resolve("camel/pushes.camel.yaml"),
        """
        - route:
            id: pushes
            from:
              uri: github-webhook:push
              steps:
                - setBody: { simple: "${body[ref]}" }
                - to: { uri: "file:%s", parameters: { fileName: ref.txt } }
        """
            .formatted(seen));
    int port = Ports.free();
    String url = "http://localhost:%d/github".formatted(port);

    try (RunningProgram program =
        new RunningProgram(
            directory,
            classPath(),
            "org.apache.camel.main.Main",
            Map.of(
                "CAMEL_COMPONENT_GITHUB_WEBHOOK_SECRET",
                SignedPush.SECRET,
                "CAMEL_COMPONENT_GITHUB_WEBHOOK_PORT",
                String.valueOf(port),
                "CAMEL_COMPONENT_GITHUB_WEBHOOK_PATH",
                "/github",
                "CAMEL_COMPONENT_GITHUB_WEBHOOK_DATA_DIRECTORY",
                "kept"))) {
      program.awaitAnswer(url);
      assertThat(SignedPush.post(url, "refs/heads/main")).isEqualTo("202 Webhook received");

      await()
          .untilAsserted(() -> assertThat(seen.resolve("ref.txt")).hasContent("refs/heads/main"));
    }
    assertThat(directory.resolve("kept/log.db")).exists();
  }

  @Test
  void sourcesAndDocumentationComeWithIt() throws IOException {
    try (Stream<Path> files = Files.list(JARS)) {
      assertThat(files.map(file -> file.getFileName().toString().replaceAll("-[0-9.]+[0-9]", "")))
          .contains(
              "camel-github-webhook.jar",
              "camel-github-webhook.pom",
              "camel-github-webhook-sources.jar",
              "camel-github-webhook-javadoc.jar");
    }
  }

  /** Quarkus, for one, looks for each of them when an application is built. */
  @Test
  void everyClassThatItsCamelFilesNameIsInIt() throws IOException {
    Pattern named = Pattern.compile("dev\\.caravan\\.[\\w.$]+");
    int count = 0;
    try (JarFile jar = new JarFile(jar().toFile())) {
      for (JarEntry entry : jar.stream().toList()) {
        if (entry.getName().startsWith("META-INF/services/") && !entry.isDirectory()) {
          String text = new String(jar.getInputStream(entry).readAllBytes(), UTF_8);
          for (MatchResult each : named.matcher(text).results().toList()) {
            count++;
            assertThat(jar.getEntry(each.group().replace('.', '/') + ".class"))
                .as(each.group() + " in " + entry)
                .isNotNull();
          }
        }
      }
    }
    assertThat(count).isGreaterThan(4);
  }

  private static Path jar() throws IOException {
    try (Stream<Path> files = Files.list(JARS)) {
      return files
          .filter(file -> file.getFileName().toString().matches("camel-github-webhook-[0-9.]+jar"))
          .findFirst()
          .orElseThrow();
    }
  }

  private String classPath() throws IOException {
    try (Stream<Path> files = Files.list(JARS)) {
      List<String> own =
          files
              .map(file -> file.toAbsolutePath().toString())
              .filter(file -> file.matches(".*/camel-github-webhook-[0-9.]+\\.jar"))
              .toList();
      assertThat(own).hasSize(1);
      return Stream.concat(
              Stream.of(directory.toString(), own.get(0)),
              Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                  .filter(jar -> LIBRARIES.matcher(new File(jar).getName()).matches()))
          .collect(Collectors.joining(File.pathSeparator));
    }
  }
}
