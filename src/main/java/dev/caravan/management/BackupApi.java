package dev.caravan.management;

import dev.caravan.log.LogBackup;
import dev.caravan.logging.ErrorSentence;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a copy of the log as it is made, on a thread of its own: that takes minutes. One at a time.
 */
public final class BackupApi implements Handler<RoutingContext> {
  /** The header that says about how many bytes the copy will have. */
  public static final String SIZE = "Caravan-Log-Bytes";

  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final int PIECE = 256 * 1024;

  private final Vertx vertx;
  private final @Nullable LogBackup log;
  private final Duration patience;
  private final AtomicBoolean isUnderWay = new AtomicBoolean();

  /**
   * @param log null where it cannot be copied from here
   * @param patience how long the client may read nothing
   */
  BackupApi(Vertx vertx, @Nullable LogBackup log, Duration patience) {
    this.vertx = vertx;
    this.log = log;
    this.patience = patience;
  }

  @Override
  public void handle(RoutingContext context) {
    long rate = rate(RequestJson.of(context));
    LogBackup copied = log;
    if (copied == null) {
      throw new RefusedException(
          409, "The log is in PostgreSQL: back up that database, with pg_dump or a base backup.");
    }
    String size = String.valueOf(copied.size());
    if (!isUnderWay.compareAndSet(false, true)) {
      throw new RefusedException(409, "Another backup is being made. Try again when it is done.");
    }
    HttpServerResponse response =
        context
            .response()
            .setChunked(true)
            .putHeader("Content-Type", "application/octet-stream")
            .putHeader("Cache-Control", "no-store")
            .putHeader(SIZE, size);
    Context loop = vertx.getOrCreateContext();
    Thread thread = new Thread(() -> send(copied, response, loop, rate), "delivery-log-backup");
    thread.setDaemon(true);
    context.addEndHandler(ended -> thread.interrupt());
    thread.start();
  }

  private void send(LogBackup copied, HttpServerResponse response, Context loop, long rate) {
    try (OutputStream out = new BufferedOutputStream(new Response(response, loop), PIECE)) {
      copied.writeTo(out, rate);
      out.flush();
      loop.runOnContext(written -> response.end());
    } catch (IOException | RuntimeException e) {
      LOG.warn("A backup was broken off: {}.", ErrorSentence.of(e));
      loop.runOnContext(broken -> response.reset());
    } finally {
      isUnderWay.set(false);
    }
  }

  /** Waits for each piece until the client has room for it. */
  private final class Response extends OutputStream {
    private final HttpServerResponse response;
    private final Context loop;

    Response(HttpServerResponse response, Context loop) {
      this.response = response;
      this.loop = loop;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      Buffer piece = Buffer.buffer(length).appendBytes(bytes, from, length);
      CompletableFuture<Void> written = new CompletableFuture<>();
      loop.runOnContext(
          now ->
              response
                  .write(piece)
                  .onSuccess(written::complete)
                  .onFailure(written::completeExceptionally));
      try {
        written.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        throw new IOException("the client has gone", e);
      } catch (TimeoutException e) {
        throw new IOException("the client has stopped reading", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("the client has gone", e);
      }
    }
  }

  private static long rate(JsonObject request) {
    Object rate = request.getValue("rate");
    if (rate == null) {
      return LogBackup.USUAL_RATE;
    }
    if (rate instanceof Number number && number.longValue() > 0) {
      return number.longValue();
    }
    throw new RefusedException(400, "rate is '%s'. Write bytes per second.".formatted(rate));
  }
}
