package dev.caravan.systemd;

import dev.caravan.logging.Printable;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The systemd that has started this program as a service of type {@code notify}, or nobody; then
 * nothing is sent.
 *
 * <p>It listens on a Unix datagram socket, which Java 17 does not have. The program {@code
 * systemd-notify} is wherever systemd is, and sends what it is given; a message every twenty
 * seconds is not worth a native library.
 */
public final class ServiceManager {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.systemd");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Map<String, String> environment;
  private final String notify;
  private final @Nullable Duration inherited;
  private boolean complained;

  /**
   * @param notify the program that sends
   */
  ServiceManager(Map<String, String> environment, String notify, @Nullable Duration inherited) {
    this.environment = environment;
    this.notify = notify;
    this.inherited = inherited;
  }

  /**
   * The one that this environment names.
   *
   * @param inherited how long it waits for a sign of life, for a process that replaces the
   *     service's main one; null for one that systemd has started, which it tells that itself
   */
  public static ServiceManager of(Map<String, String> environment, @Nullable Duration inherited) {
    return new ServiceManager(environment, "systemd-notify", inherited);
  }

  /** How long it waits for a sign of life; zero when it waits for none. */
  public Duration watchdog() {
    if (!isThere()) {
      return Duration.ZERO;
    }
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    String process = environment.getOrDefault("WATCHDOG_PID", "");
    boolean isOurs = process.isBlank() || process.equals(ownNumber());
    if (isOurs && micros.matches("\\d{1,15}")) { // even if the one before is of another service
      return Duration.of(Long.parseLong(micros), ChronoUnit.MICROS);
    }
    return inherited == null ? Duration.ZERO : inherited;
  }

  /** Deliveries are accepted from now on. */
  public void ready() {
    if (inherited != null) {
      tell("READY=1", "MAINPID=" + ownNumber(), "STATUS=Accepting deliveries");
    } else {
      tell("READY=1", "STATUS=Accepting deliveries");
    }
  }

  /**
   * Still alive.
   *
   * @param trouble why deliveries are nevertheless not accepted, or an empty text
   */
  void alive(String trouble) {
    tell(
        "WATCHDOG=1",
        "STATUS="
            + (trouble.isEmpty()
                ? "Accepting deliveries"
                : "Not accepting deliveries: " + trouble));
  }

  /**
   * About to stop.
   *
   * @param mayTake asks for that much time, whatever the unit says
   */
  public void stopping(Duration mayTake) {
    tell(
        "STOPPING=1",
        "STATUS=Finishing work in progress",
        "EXTEND_TIMEOUT_USEC=" + TimeUnit.NANOSECONDS.toMicros(mayTake.toNanos()));
  }

  private static String ownNumber() {
    return Long.toString(ProcessHandle.current().pid());
  }

  private boolean isThere() {
    return !environment.getOrDefault("NOTIFY_SOCKET", "").isBlank();
  }

  private synchronized void tell(String... what) {
    if (!isThere()) {
      return;
    }
    List<String> command = new ArrayList<>();
    command.add(notify);
    for (String each : what) {
      command.add(Printable.line(each)); // a line end would begin another message
    }
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        complain("does not end");
      } else if (process.exitValue() != 0) {
        complain("failed with exit code " + process.exitValue());
      }
    } catch (IOException e) {
      complain("cannot be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void complain(String what) {
    if (!complained) {
      complained = true;
      LOG.warn(
          "systemd expects to be told the state of this program (Type=notify), and systemd-notify {}. It may think that the program hangs, and restart it.",
          what);
    }
  }
}
