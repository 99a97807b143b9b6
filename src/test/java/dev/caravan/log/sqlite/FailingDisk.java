package dev.caravan.log.sqlite;

import dev.caravan.log.TestLog;
import dev.caravan.log.sqlite.directory.DataDirectory;
import dev.caravan.log.sqlite.file.Checkpointer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Appends from several threads, says what was accepted, and ends as a loss of power does. */
final class FailingDisk {
  private static final int THREADS = 4;
  private static final int EACH = 400;
  private static final Checkpointer.Limits SMALL = new Checkpointer.Limits(256 << 10, 2 << 20);

  private FailingDisk() {}

  /** With the data directory. */
  public static void main(String[] arguments) throws InterruptedException {
    SqliteDeliveryLog log =
        SqliteDeliveryLog.open(
            Path.of(arguments[0]), TestLog.OPTIONS, DataDirectory.Use.SERVER, SMALL);
    List<Thread> threads = new ArrayList<>();
    for (int number = 0; number < THREADS; number++) {
      Thread thread = new Thread(() -> append(log));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Runtime.getRuntime().halt(0);
  }

  private static void append(SqliteDeliveryLog log) {
    for (int count = 0; count < EACH; count++) {
      String guid = UUID.randomUUID().toString();
      StringBuilder noise = new StringBuilder();
      for (int part = 0; part < 100; part++) {
        noise.append(UUID.randomUUID());
      }
      try {
        log.append(TestLog.delivery(guid, "push", null, "acme/rocket", "{\"a\":\"" + noise + "\"}"))
            .join();
        System.out.println("accepted " + guid);
      } catch (RuntimeException e) {
        System.out.println("refused " + guid);
        pause();
      }
    }
  }

  /** Sends on as a client would, so that the disk's trouble does not last for all of them. */
  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
