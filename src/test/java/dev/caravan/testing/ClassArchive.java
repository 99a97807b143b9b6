package dev.caravan.testing;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An archive of the classes that a start of the program loads: starts from it cost half. Java
 * itself writes it as a first start ends, for half of what {@code packaging/archive-classes} costs.
 */
public final class ClassArchive {
  private static final List<String> JAVA =
      List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xshare:auto",
          "-Xlog:cds=off",
          "-Xlog:cds+dynamic=off");
  // As the launcher does: since 24 Java warns at each start of how Netty uses memory.
  private static final List<String> WITHOUT_WARNINGS =
      Runtime.version().feature() < 24
          ? List.of()
          : List.of("--sun-misc-unsafe-memory-access=allow");

  private ClassArchive() {}

  /** A command of {@code java} that uses an archive, if it is there, to which more can be added. */
  public static List<String> java(Path archive) {
    List<String> command = java();
    command.add("-XX:SharedArchiveFile=" + archive);
    return command;
  }

  private static List<String> java() {
    List<String> command = new ArrayList<>(JAVA);
    command.addAll(WITHOUT_WARNINGS);
    return command;
  }

  /** Makes the archive of a jar; where that does not work, starts are just slower. */
  public static void make(Path jar, Path archive) throws IOException {
    Path directory = Files.createTempDirectory(archive.getParent(), "first-start");
    Files.createDirectory(directory.resolve("routes"));
    File output = directory.resolve("output.txt").toFile();
    List<String> command = java();
    command.addAll(List.of("-Xmx256m", "-XX:ArchiveClassesAtExit=" + archive));
    command.addAll(List.of("-jar", jar.toString(), "run", "--port", "0", "--management-port", "0"));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear(); // whatever is set there for another Caravan
    Process first = builder.redirectErrorStream(true).redirectOutput(output).start();
    try {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Files.readString(output.toPath()).contains("is ready") || !first.isAlive());
      first.destroy();
      first.onExit().join();
    } finally {
      first.destroyForcibly();
    }
  }
}
