package dev.caravan.network;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads another server's answer within a time limit: that of the JDK's HTTP client ends with the
 * head of an answer.
 */
public final class AnswerBody {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.network");

  private AnswerBody() {}

  /**
   * Reads the beginning of it, which is all of it when it is no longer than that.
   *
   * @param most bytes to read; the rest is left
   * @throws IOException with a sentence, when it is not complete in time
   */
  public static byte[] read(InputStream body, int most, Duration time) throws IOException {
    AtomicBoolean isLate = new AtomicBoolean();
    Future<?> deadline =
        CompletableFuture.runAsync(
            () -> {
              isLate.set(true);
              close(body);
            },
            CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS));
    try {
      byte[] bytes = body.readNBytes(most);
      if (!isLate.get()) {
        return bytes;
      }
    } catch (IOException e) {
      if (!isLate.get()) {
        throw e;
      }
    } finally {
      deadline.cancel(false);
    }
    throw new IOException("its answer is not complete after " + time.toSeconds() + " seconds");
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      LOG.debug("The rest of an answer could not be dropped", e);
    }
  }
}
