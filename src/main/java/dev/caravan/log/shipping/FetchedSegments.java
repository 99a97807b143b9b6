package dev.caravan.log.shipping;

import dev.caravan.files.OwnerOnly;
import dev.caravan.storage.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Fetches segments into files, some ahead of the one asked for: there may be one for each second of
 * a day, and each takes a while to arrive.
 */
final class FetchedSegments implements AutoCloseable {
  private static final int AT_ONCE = 16;
  private static final int TRIES = 3;

  private final Storage storage;
  private final Iterator<SegmentName> names;
  private final Path file;
  private final Queue<Future<Path>> coming = new ArrayDeque<>();
  private volatile boolean closing;
  private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);

  /**
   * @param file the file beside which they are put
   */
  FetchedSegments(Storage storage, List<SegmentName> names, Path file) {
    this.storage = storage;
    this.names = names.iterator();
    this.file = file;
  }

  /**
   * The file with the next segment; the caller deletes it.
   *
   * @throws FileNotFoundException when the storage does not have it
   * @throws IOException when it cannot be fetched, although it may be there
   */
  Path next() throws IOException {
    while (coming.size() < AT_ONCE && names.hasNext()) {
      SegmentName name = names.next();
      coming.add(threads.submit(() -> fetch(name)));
    }
    try {
      return coming.remove().get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure
          ? failure
          : new IOException(e.getCause().toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private Path fetch(SegmentName name) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + "." + name.number() + ".segment");
    OwnerOnly.create(part);
    for (int number = 1; ; number++) {
      try (InputStream content = storage.open(name.toString());
          OutputStream to = Files.newOutputStream(part)) {
        content.transferTo(to);
        return part;
      } catch (IOException e) {
        if (e instanceof FileNotFoundException || number == TRIES || closing) {
          Files.delete(part);
          throw e;
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    closing = true;
    for (Runnable notBegun : threads.shutdownNow()) {
      if (notBegun instanceof Future<?> never) { // else get() would wait for it for ever
        never.cancel(false);
      }
    }
    for (Future<Path> each : coming) {
      try {
        Files.deleteIfExists(each.get());
      } catch (CancellationException | ExecutionException | InterruptedException e) {
        // it was not fetched
      }
    }
  }
}
