package dev.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Maven repository on a port of this machine, with libraries made up for a test. */
final class MavenServer implements AutoCloseable {
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  MavenServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          // Through a proxy the whole address is asked for, and its path is the same.
          String path = exchange.getRequestURI().getPath().replaceFirst("^/maven2/", "/");
          asked.add(exchange.getRequestURI().toString());
          byte[] file = files.get(path);
          exchange.sendResponseHeaders(file == null ? 404 : 200, file == null ? -1 : file.length);
          if (file != null) {
            exchange.getResponseBody().write(file);
          }
          exchange.close();
        });
    server.start();
  }

  String url() {
    return "http://localhost:" + port() + "/";
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** What was asked for: a path, or the whole address when the server is asked as a proxy. */
  List<String> asked() {
    return asked;
  }

  /** Puts a jar there; each dependency is group:artifact:version, or that and a classifier. */
  void jar(String library, String... dependencies) throws IOException {
    pom(library, "jar", "<dependencies>" + dependencies(dependencies) + "</dependencies>");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes)) {
      jar.putNextEntry(new JarEntry(library.replace(':', '/')));
    }
    put(path(library, "jar"), bytes.toByteArray());
    put(
        path(library, "jar").replaceFirst("[^/]+/[^/]+$", "maven-metadata.xml"),
        "<metadata><versioning><release>%s</release></versioning></metadata>"
            .formatted(library.split(":", -1)[2])
            .getBytes(UTF_8));
  }

  /** Puts a list of versions there, such as Camel's. */
  void versions(String library, String... managed) {
    pom(
        library,
        "pom",
        "<dependencyManagement><dependencies>%s</dependencies></dependencyManagement>"
            .formatted(dependencies(managed)));
  }

  /** Lets a file arrive other than its checksum says. */
  void spoil(String library) {
    files.put("/" + path(library, "jar"), "spoilt".getBytes(UTF_8));
  }

  private void pom(String library, String packaging, String content) {
    String[] part = library.split(":", -1);
    put(
        path(library, "pom"),
        """
        <project><modelVersion>4.0.0</modelVersion><groupId>%s</groupId><artifactId>%s</artifactId>
        <version>%s</version><packaging>%s</packaging>%s</project>"""
            .formatted(part[0], part[1], part[2], packaging, content)
            .getBytes(UTF_8));
  }

  private static String dependencies(String... libraries) {
    return Stream.of(libraries)
        .map(library -> library.split(":", -1))
        .map(
            part ->
                "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>%s</dependency>"
                    .formatted(
                        part[0],
                        part[1],
                        part[2],
                        part.length > 3 ? "<classifier>" + part[3] + "</classifier>" : ""))
        .collect(Collectors.joining());
  }

  private static String path(String library, String extension) {
    String[] part = library.split(":", -1);
    return "%s/%s/%s/%2$s-%3$s.%s"
        .formatted(part[0].replace('.', '/'), part[1], part[2], extension);
  }

  private void put(String path, byte[] content) {
    try {
      String sha1 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(content));
      files.put("/" + path, content);
      files.put("/" + path + ".sha1", sha1.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Maven settings in that directory that fetch everything from here. */
  Path settings(Path directory) throws IOException {
    return settings(
        directory,
        "<mirrors><mirror><id>here</id><mirrorOf>*</mirrorOf><url>%s</url></mirror></mirrors>"
            .formatted(url()));
  }

  /** Maven settings with a local repository of their own. */
  static Path settings(Path directory, String content) throws IOException {
    return Files.writeString(
        directory.resolve("settings.xml"),
        "<settings><localRepository>%s</localRepository>%s</settings>"
            .formatted(directory.resolve("repository"), content));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
