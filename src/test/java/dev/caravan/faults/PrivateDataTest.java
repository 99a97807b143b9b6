package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.faults.SystemCalls.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the program writes into its data directory: for its user only, and whole or not at all. */
class PrivateDataTest {
  private static final String CALLS = "fsync,fdatasync,rename,renameat,renameat2";

  @TempDir Path directory;

  @Test
  void payloadsAndSecretsAreForTheProgramsUserOnlyAndSurviveALossOfPower() throws IOException {
    Path trace = directory.resolve("trace.txt");
    Site site = new Site(directory).under(SystemCalls.record(trace, CALLS));
    try (CaravanProcess caravan = site.startReady()) {
      assertThat(new Client(caravan).send(SignedPush.of(1, 1)).statusCode()).isEqualTo(202);

      assertThat(permissions(site.data())).isEqualTo("rwx------");
      try (Stream<Path> files = Files.list(site.data())) {
        assertThat(files.toList())
            .extracting(file -> file.getFileName().toString())
            .contains("log.db", "log.db-wal", "log.db-shm", "caravan.lock", "management-token");
      }
      try (Stream<Path> files = Files.walk(site.data())) {
        assertThat(files.filter(file -> !file.startsWith(site.data().resolve("native"))).toList())
            .allSatisfy(file -> assertThat(permissions(file)).endsWith("------"));
      }
      caravan.stop();
    }
    List<Call> calls = SystemCalls.in(trace);
    assertMovedWhole(calls, site.data().resolve("management-token"));
    assertMovedWhole(calls, site.data().resolve("secret-use"));
    assertMovedWhole(calls, site.data().resolve("log.db"));
  }

  @Test
  void aDataDirectoryThatOthersCanReadIsLoggedAtTheStart() throws IOException {
    Site site = new Site(directory);
    Files.createDirectory(site.data());
    Files.setPosixFilePermissions(site.data(), PosixFilePermissions.fromString("rwxr-xr-x"));

    try (CaravanProcess caravan = site.startReady()) {
      assertThat(caravan.output())
          .containsOnlyOnce("can be read by other users of this machine")
          .contains("chmod -R go-rwx " + site.data());
    }
  }

  /** Flushed under another name, moved into its place, and the directory flushed after that. */
  private static void assertMovedWhole(List<Call> calls, Path file) {
    Call move =
        find(calls, 0, "^rename.*\"" + Pattern.quote(file + ".new") + "\".*" + file + "\".* = 0");
    Call flush =
        find(calls, 0, "^fd?a?t?a?sync\\(\\d+<" + Pattern.quote(file + ".new>") + "\\) += 0");
    assertThat(flush.ended()).as("flush of %s before the move", file).isLessThan(move.began());
    find(
        calls, move.ended(), "^fsync\\(\\d+<" + Pattern.quote(file.getParent() + ">") + "\\) += 0");
  }

  private static Call find(List<Call> calls, int from, String expression) {
    return calls.stream()
        .filter(call -> call.began() > from && call.matches(expression))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No call after line " + from + ": " + expression));
  }

  private static String permissions(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
