package dev.caravan.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/**
 * The program for tests that run it as a process. It starts from an archive of its classes, made
 * once for a build. Java archives no classes of a directory, so they are in a jar.
 */
public final class ProgramClasses {
  private final List<Path> libraries = new ArrayList<>();
  private Path classes;

  private ProgramClasses() {
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry).toAbsolutePath();
      if (path.endsWith("classes")) {
        classes = path;
      } else if (!path.endsWith("test-classes")) { // which has the tests' own logging
        libraries.add(path);
      }
    }
  }

  /**
   * A command that runs the program in any directory.
   *
   * @param options more of them for {@code java}
   */
  public static List<String> command(List<String> options, String... arguments) {
    List<String> command = java(options);
    command.addAll(List.of("-jar", Ready.JAR.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * A command that runs a class of the tests with those of the program.
   *
   * @param options more of them for {@code java}
   */
  public static List<String> commandOf(Class<?> main, List<String> options, String... arguments) {
    List<String> command = java(options);
    command.addAll(List.of("-cp", Ready.JAR + File.pathSeparator + placeOf(main), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static List<String> java(List<String> options) {
    List<String> command = ClassArchive.java(archive(Ready.JAR));
    command.addAll(options);
    return command;
  }

  private static Path archive(Path jar) {
    return jar.resolveSibling("classes.jsa");
  }

  private static Path placeOf(Class<?> main) {
    try {
      return Path.of(main.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Made when a JVM starts its first process. */
  private static final class Ready {
    static final Path JAR = new ProgramClasses().make();
  }

  /** One JVM of several that test at once makes it; the others wait. */
  private Path make() {
    try {
      List<Path> files;
      try (Stream<Path> all = Files.walk(classes)) {
        files = all.filter(Files::isRegularFile).sorted().toList();
      }
      Path directory = classes.resolveSibling("program-classes");
      Path jar = directory.resolve(version(files)).resolve("program.jar");
      Files.createDirectories(jar.getParent());
      try (FileChannel lock =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        lock.lock();
        if (!Files.exists(jar)) {
          deleteOlder(directory, jar.getParent());
          Path part = jar.resolveSibling("program.part");
          pack(files, part);
          Files.move(part, jar);
          ClassArchive.make(jar, archive(jar));
        }
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another one after each change. */
  private String version(List<Path> files) throws IOException {
    CRC32 sum = new CRC32();
    sum.update(libraries.toString().getBytes(UTF_8));
    for (Path file : files) {
      String state = file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
      sum.update(state.getBytes(UTF_8));
    }
    return Long.toHexString(sum.getValue());
  }

  private static void deleteOlder(Path directory, Path kept) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.filter(Files::isRegularFile).filter(each -> !each.endsWith("lock")).toList();
    }
    for (Path file : files) {
      if (!file.startsWith(kept)) {
        Files.delete(file);
      }
    }
  }

  private void pack(List<Path> files, Path jar) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, "dev.caravan.Caravan");
    attributes.putValue("Enable-Native-Access", "ALL-UNNAMED"); // as in caravan.jar
    attributes.put(
        Attributes.Name.CLASS_PATH, // relative, or nothing of these would be archived
        libraries.stream()
            .map(each -> encoded(jar.getParent().relativize(each)))
            .collect(joining(" ")));
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      out.setLevel(1);
      for (Path file : files) {
        out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
  }

  private static String encoded(Path relative) {
    return StreamSupport.stream(relative.spliterator(), false)
        .map(name -> URLEncoder.encode(name.toString(), UTF_8).replace("+", "%20"))
        .collect(joining("/"));
  }
}
