package dev.caravan.faults;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The program's classes, without the tests' own, and an archive of them that Java has prepared, as
 * an installation has it: a process starts in half the time. Made once for as long as no class
 * changes, whichever of the processes that run tests comes first.
 */
final class PreparedClasses {
  private static final Path DIRECTORY = Path.of("target", "prepared-classes").toAbsolutePath();
  private static final PreparedClasses ONCE = make();

  private final String classPath;
  private final Path archive;

  private PreparedClasses(String classPath, Path archive) {
    this.classPath = classPath;
    this.archive = archive;
  }

  /** The options of Java that make it find them. */
  static List<String> options() {
    return List.of(
        "-XX:SharedArchiveFile=" + ONCE.archive,
        "-Xlog:cds=off",
        "-Xlog:cds+dynamic=off",
        "-cp",
        ONCE.classPath);
  }

  private static PreparedClasses make() {
    try {
      Files.createDirectories(DIRECTORY);
      try (FileChannel channel =
              FileChannel.open(
                  DIRECTORY.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        assert lock.isValid();
        return makeAlone();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PreparedClasses makeAlone() throws IOException {
    List<String> libraries = new ArrayList<>();
    List<Path> folders = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry).toAbsolutePath();
      if (!Files.isDirectory(path)) {
        libraries.add(path.toString());
      } else if (!path.endsWith("test-classes")) { // has the tests' own logging
        folders.add(path);
      }
    }
    String key = Integer.toHexString(List.of(libraries, newest(folders)).hashCode());
    Path jar = DIRECTORY.resolve(key + ".jar");
    Path archive = DIRECTORY.resolve(key + ".jsa");
    libraries.add(0, jar.toString());
    String classPath = String.join(File.pathSeparator, libraries);
    if (!Files.exists(archive)) {
      deleteOlder();
      pack(folders, jar);
      prepare(classPath, archive);
    }
    return new PreparedClasses(classPath, archive);
  }

  private static void deleteOlder() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      for (Path file : files.filter(each -> !each.endsWith("lock")).toList()) {
        Files.delete(file);
      }
    }
  }

  /** How many files there are, and when the newest was written. */
  private static List<String> newest(List<Path> folders) throws IOException {
    List<String> all = new ArrayList<>();
    for (Path folder : folders) {
      List<Path> files = files(folder);
      FileTime newest = FileTime.fromMillis(0);
      for (Path file : files) {
        FileTime time = Files.getLastModifiedTime(file);
        newest = time.compareTo(newest) > 0 ? time : newest;
      }
      all.add(folder + " " + files.size() + " " + newest);
    }
    return all;
  }

  private static void pack(List<Path> folders, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream packed = new JarOutputStream(out)) {
      packed.setLevel(0);
      for (Path folder : folders) {
        for (Path file : files(folder)) {
          packed.putNextEntry(new JarEntry(folder.relativize(file).toString()));
          Files.copy(file, packed);
          packed.closeEntry();
        }
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** A run that takes a delivery teaches Java which classes to have ready. */
  private static void prepare(String classPath, Path archive) throws IOException {
    Path scratch = Files.createTempDirectory("prepared-classes");
    try (CaravanProcess taught =
        CaravanProcess.start(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:ArchiveClassesAtExit=" + archive,
                "-cp",
                classPath,
                "dev.caravan.Caravan",
                "run",
                "--port=0",
                "--management-port=0"),
            Map.of("GITHUB_WEBHOOK_SECRET", SignedPush.SECRET),
            scratch,
            scratch.resolve("output.txt"))) {
      taught.awaitReady();
      new Client(taught).send(SignedPush.of(1, 1));
      taught.stop();
    } finally {
      deleteAll(scratch);
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
