package dev.caravan.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of the test's own, from the packages of the system: made in {@code target/}, on
 * loopback, and gone with the process. Tests that need it are skipped where there is none.
 */
public final class PostgresServer implements AutoCloseable {
  private static final Path PACKAGES = Path.of("/usr/lib/postgresql");

  /** The one database that every server has. */
  private static final String ADMINISTRATION = "template1";

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static @Nullable PostgresServer shared;
  private static @Nullable PostgresServer template;

  private final Path directory;
  private final int port = Ports.free();
  private final List<String> options;
  private Process process;

  private PostgresServer(Path parent, List<String> options) {
    assumeTrue(
        binaries() != null,
        "PostgreSQL is not installed (apt-get install postgresql): tests of a shared log are skipped.");
    this.options = options;
    try {
      Files.createDirectories(parent);
      directory = Files.createTempDirectory(parent.toAbsolutePath(), "postgres-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("chown", "-R", user() + ":", directory.toString());
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  private static PostgresServer initialised(Path parent, List<String> options) {
    PostgresServer server = new PostgresServer(parent, options);
    run("cp", "-a", template().data(), server.data());
    server.start();
    return server;
  }

  /** One that was made and stopped in good order: a copy of it is there in no time. */
  private static synchronized PostgresServer template() {
    if (template == null) {
      PostgresServer made = new PostgresServer(Path.of("target"), List.of("-c", "fsync=off"));
      run(
          as(
              "initdb",
              "-D",
              made.data(),
              "-U",
              "caravan",
              "-A",
              "trust",
              "-N",
              "-E",
              "UTF8",
              "--locale=C",
              "--wal-segsize=1"));
      made.start();
      made.execute("ALTER DATABASE postgres RENAME TO caravan"); // each has hundreds of files
      run(as("pg_ctl", "-D", made.data(), "stop", "-m", "fast", "-s"));
      made.process.destroy();
      template = made;
    }
    return template;
  }

  /** The one that all tests of this process share, which never waits for a disk. */
  public static synchronized PostgresServer shared() {
    if (shared == null) {
      shared =
          initialised(Path.of("target"), List.of("-c", "fsync=off", "-c", "full_page_writes=off"));
    }
    return shared;
  }

  /** One for a test that stops it, or asks whether what it has committed is there. */
  public static PostgresServer ownWithFsync(String... options) {
    return ownIn(Path.of("target"), options);
  }

  /**
   * The same, with its files elsewhere.
   *
   * @param parent that every user of the machine may enter
   */
  public static PostgresServer ownIn(Path parent, String... options) {
    return initialised(parent, List.of(options));
  }

  /**
   * A standby of this one, which has all there is and follows it.
   *
   * @param through the port on which it finds this one: its own, or that of something in between
   */
  public PostgresServer standby(int through) {
    PostgresServer standby = new PostgresServer(Path.of("target"), List.of());
    run(
        as(
            "pg_basebackup",
            "-D",
            standby.data(),
            "-d",
            "host=127.0.0.1 port=%d user=caravan application_name=standby".formatted(through),
            "--write-recovery-conf",
            "--checkpoint=fast"));
    standby.start();
    return standby;
  }

  /** Makes a standby a primary, and returns when it is. */
  public void promote() {
    run(as("pg_ctl", "-D", data(), "promote", "-w", "-s"));
  }

  /** Writes a database into a file, as {@code pg_dump} does for a backup. */
  public Path dump(String database) {
    Path file = directory.resolve(database + ".dump");
    run(
        as(
            "pg_dump",
            "-Fc",
            "-d",
            "host=127.0.0.1 port=%d user=caravan dbname=%s".formatted(port, database),
            "-f",
            file.toString()));
    return file;
  }

  /** Restores a database from there. */
  public void restore(Path dump, String database, String... options) {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(
        List.of(
            "--exit-on-error",
            "-d",
            "host=127.0.0.1 port=%d user=caravan dbname=%s".formatted(port, database),
            dump.toString()));
    run(as("pg_restore", arguments.toArray(String[]::new)));
  }

  /** Remembers its files as they are now, while it is stopped. */
  public void keepFiles() {
    run("cp", "-a", data(), data() + ".kept");
  }

  /** Puts back the files that were kept, while it is stopped. */
  public void putFilesBack() {
    run("rm", "-rf", data());
    run("mv", data() + ".kept", data());
  }

  /** The name of a schema that no other test has. */
  public String newSchema() {
    return "test_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet();
  }

  /** Its port on loopback. */
  public int port() {
    return port;
  }

  /** Where a log may be. */
  public String url() {
    return "postgresql://caravan@127.0.0.1:" + port + "/caravan";
  }

  /** A connection of an administrator. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s?user=caravan".formatted(port, database));
  }

  /** Runs statements as an administrator, outside of any log. */
  public void execute(String... statements) {
    executeIn(ADMINISTRATION, statements);
  }

  public void executeIn(String database, String... statements) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts it again after {@link #stop}. */
  public void start() {
    List<String> command =
        new ArrayList<>(
            as(
                "postgres",
                "-D",
                data(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1"));
    command.addAll(
        List.of(
            "-c",
            "unix_socket_directories=",
            "-c",
            "max_connections=300",
            "-c",
            "shared_buffers=64MB"));
    if (version() >= 14) { // else each of the files that were copied, one by one
      command.addAll(List.of("-c", "recovery_init_sync_method=syncfs"));
    }
    command.addAll(options);
    try {
      process =
          new ProcessBuilder(endsWithItsParent(command))
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ofMillis(20))
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .until(
            () -> {
              try (Connection connection = connect(ADMINISTRATION)) {
                return connection.isValid(1);
              }
            });
  }

  /** Whether it has not ended by itself. */
  public boolean isRunning() {
    try {
      run(as("pg_ctl", "-D", data(), "status"));
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** Stops it at once, as a crash does. */
  public void stop() {
    run(as("pg_ctl", "-D", data(), "stop", "-m", "immediate", "-s"));
    process.destroy();
  }

  @Override
  public void close() {
    if (!Files.exists(directory)) {
      return;
    }
    try {
      stop();
    } catch (IllegalStateException e) {
      // it was not running
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  /** It ends with this process, whatever ends that: then there is nothing more to read. */
  private static List<String> endsWithItsParent(List<String> command) {
    List<String> all =
        new ArrayList<>(
            List.of("sh", "-c", "\"$@\" </dev/null & read -r end; kill -QUIT $!; wait $!", "sh"));
    all.addAll(command);
    return all;
  }

  /** It refuses to run as root. */
  private static List<String> as(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (user().equals("postgres")) {
      command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    }
    command.add(String.valueOf(binaries()) + "/" + program);
    command.addAll(List.of(arguments));
    return command;
  }

  private static String user() {
    String user = System.getProperty("user.name");
    return user.equals("root") ? "postgres" : user;
  }

  private static void run(List<String> command) {
    run(command.toArray(String[]::new));
  }

  private static void run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static int version() {
    return Integer.parseInt(PACKAGES.relativize(requireNonNull(binaries())).getName(0).toString());
  }

  private static @Nullable Path binaries() {
    if (!Files.isDirectory(PACKAGES)) {
      return null;
    }
    try (Stream<Path> versions = Files.list(PACKAGES)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.naturalOrder())
          .orElse(null);
    } catch (IOException e) {
      return null;
    }
  }
}
