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

/**
 * What the user adds to the class path: the jars in {@code lib/}, of the working directory and
 * beside the program's own jar.
 */
final class Libraries {
  private Libraries() {}

  /** A loader that also knows those jars, or the given one when there are none. */
  static ClassLoader over(ClassLoader parent) {
    Set<Path> directories = new LinkedHashSet<>();
    directories.add(Path.of("lib").toAbsolutePath());
    Path program = Path.of(System.getProperty("java.class.path")).toAbsolutePath().getParent();
    if (program != null) {
      directories.add(program.resolve("lib"));
    }
    List<URL> jars = new ArrayList<>();
    directories.forEach(directory -> jars.addAll(jarsIn(directory)));
    return jars.isEmpty() ? parent : new URLClassLoader("lib", jars.toArray(URL[]::new), parent);
  }

  private static List<URL> jarsIn(Path directory) {
    File[] files = directory.toFile().listFiles((in, name) -> name.endsWith(".jar"));
    List<URL> jars = new ArrayList<>();
    if (files != null) {
      for (File file : files) {
        try {
          jars.add(file.toURI().toURL());
        } catch (MalformedURLException e) {
          throw new IllegalStateException(file + " has no URL", e);
        }
      }
    }
    return jars;
  }
}
