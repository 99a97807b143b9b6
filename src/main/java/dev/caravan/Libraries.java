package dev.caravan;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * What the user adds to the class path: the jars in {@code lib/}, of the working directory and
 * beside the program's own jar. An installed program, for which CARAVAN_CONFIG is set, takes only
 * the latter: it may be run in any directory, even another user's.
 */
final class Libraries {
  private Libraries() {}

  /**
   * A loader of the program and of those jars, or the given one when it has them all: the launcher
   * puts them on the class path, where the class-data archive still works.
   *
   * <p>The program too, because Camel's own loader loads a class that is compiled from a route
   * file, and resolves its imports.
   */
  static ClassLoader with(ClassLoader own) {
    String classPath = System.getProperty("java.class.path");
    Set<Path> directories = new LinkedHashSet<>();
    if (System.getenv("CARAVAN_CONFIG") == null) {
      directories.add(Path.of("lib").toAbsolutePath());
    }
    Path program = Path.of(first(classPath)).toAbsolutePath().getParent();
    if (program != null) {
      directories.add(program.resolve("lib"));
    }
    List<URL> jars = new ArrayList<>();
    directories.forEach(directory -> jars.addAll(jarsIn(directory)));
    jars.removeAll(urls(classPath));
    if (jars.isEmpty()) {
      return own;
    }
    // Java looks for its random generators once, with the loader of the thread that asks first.
    // With the loader made here it would find none, and not look again.
    RandomGenerator unused = RandomGenerator.getDefault();
    List<URL> all = new ArrayList<>(urls(classPath));
    all.addAll(jars);
    return new URLClassLoader(
        "caravan", all.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  /** The program's own jar; what the launcher adds comes after it. */
  private static String first(String classPath) {
    return classPath.split(File.pathSeparator, 2)[0];
  }

  private static List<URL> urls(String classPath) {
    return Stream.of(classPath.split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> url(new File(entry)))
        .toList();
  }

  private static List<URL> jarsIn(Path directory) {
    File[] files = directory.toFile().listFiles((in, name) -> name.endsWith(".jar"));
    return files == null ? List.of() : Stream.of(files).sorted().map(Libraries::url).toList();
  }

  private static URL url(File file) {
    try {
      return file.toURI().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(file + " has no URL", e);
    }
  }
}
