package dev.caravan.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.config.Settings;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes from one program to the next, with both of them in this process. */
class HandOverTest {
  @TempDir private Path directory;
  private Path file;
  private PublicAddress address;

  @BeforeEach
  void needLinux() {
    assumeTrue(NativeSockets.areHere(directory), "no native sockets here");
    file = directory.resolve("hook.sock");
    address =
        PublicAddress.from(
            new Settings(
                Map.of(
                    "camel.server.host", "unix:" + file,
                    "camel.server.port", "8000",
                    "caravan.socket-mode", "660")));
  }

  @Test
  void aSocketThatSystemdHoldsIsStillHeldAfterATakeover() throws IOException {
    HeldSocket given = handOver(HeldSocket.ofSystemd(address, listening()));

    assertThat(given.isHeldElsewhere()).isTrue();
    given.close();
    assertThat(file).as("systemd's").exists();
  }

  @Test
  void aSocketThatOnlyTheProgramsHoldEndsUpWithTheNewOne() throws IOException {
    HeldSocket old = HeldSocket.adopted(address, listening());
    old.heldElsewhere(false);

    HeldSocket given = handOver(old);

    assertThat(given.isHeldElsewhere()).isFalse();
    given.close();
    assertThat(file).doesNotExist();
  }

  @Test
  void aNewProgramThatGivesUpLeavesTheFileToTheOldOne() throws IOException {
    Predecessor old = Predecessor.expectedIn(directory);
    try (Successor next = Successor.waitingIn(directory)) {
      old.awaitCall();
      HeldSocket socket = HeldSocket.adopted(address, listening());
      CompletableFuture<Boolean> goesOn =
          CompletableFuture.supplyAsync(() -> next.goesOnWith(socket, Duration.ZERO));
      HeldSocket given = old.socket(address);

      given.close();
      old.close();

      assertThat(goesOn.join()).isFalse();
      assertThat(file).exists();
    }
  }

  @Test
  void theNewProgramIsToldForHowLongTheServiceManagerWaitsForASignOfLife() throws IOException {
    try (Predecessor old = Predecessor.expectedIn(directory);
        Successor next = Successor.waitingIn(directory)) {
      old.awaitCall();
      HeldSocket socket = HeldSocket.adopted(address, listening());
      CompletableFuture<Boolean> goesOn =
          CompletableFuture.supplyAsync(() -> next.goesOnWith(socket, Duration.ofSeconds(60)));

      old.socket(address);

      assertThat(old.watchdog()).isEqualTo(Duration.ofSeconds(60));
      old.release();
      assertThat(goesOn.join()).isTrue();
    }
  }

  @Test
  void aThirdProgramIsRefusedAndDisturbsNeither() throws IOException {
    try (Predecessor old = Predecessor.expectedIn(directory)) {
      assertThatThrownBy(() -> Predecessor.expectedIn(directory)).isInstanceOf(BindException.class);
      try (Successor next = Successor.waitingIn(directory)) {
        old.awaitCall();
        HeldSocket socket = HeldSocket.adopted(address, listening());
        CompletableFuture<Boolean> goesOn =
            CompletableFuture.supplyAsync(() -> next.goesOnWith(socket, Duration.ZERO));

        assertThat(old.socket(address)).isNotNull();
        old.release();
        assertThat(goesOn.join()).isTrue();
      }
    }
  }

  private HeldSocket handOver(HeldSocket socket) throws IOException {
    try (Predecessor old = Predecessor.expectedIn(directory);
        Successor next = Successor.waitingIn(directory)) {
      old.awaitCall();
      CompletableFuture<Boolean> goesOn =
          CompletableFuture.supplyAsync(() -> next.goesOnWith(socket, Duration.ZERO));
      HeldSocket given = old.socket(address);
      old.release();
      assertThat(goesOn.join()).isTrue();
      return given;
    }
  }

  private int listening() throws IOException {
    return UnixSockets.listen(file, PosixFilePermissions.fromString("rw-rw----"), 1).intValue();
  }
}
