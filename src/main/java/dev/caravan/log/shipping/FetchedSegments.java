package dev.caravan.log.shipping;

import dev.caravan.files.OwnerOnly;
import dev.caravan.storage.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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
   * @throws UncheckedIOException when it cannot be written here
   */
  Path next() throws IOException {
    while (coming.size() < AT_ONCE && names.hasNext()) {
      SegmentName name = names.next();
      coming.add(threads.submit(() -> fetch(name)));
    }
    try {
      return coming.remove().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UncheckedIOException here) {
        throw here;
      }
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
    for (int number = 1; ; number++) {
      try (InputStream content = storage.open(name.toString());
          OutputStream to = new Local(part)) {
        content.transferTo(to);
        return part;
      } catch (UncheckedIOException e) {
        delete(part);
        throw e;
      } catch (IOException e) {
        if (e instanceof FileNotFoundException || number == TRIES || closing) {
          delete(part);
          throw e;
        }
      }
    }
  }

  private static void delete(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      // the next restore replaces it
    }
  }

  /** Marks a failure to write: a full disk here is no reason to give a segment up. */
  private static final class Local extends OutputStream {
    private final OutputStream file;

    Local(Path path) {
      try {
        OwnerOnly.create(path);
        file = Files.newOutputStream(path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void write(int one) {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      try {
        file.write(bytes, from, length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
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
