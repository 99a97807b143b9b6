package dev.caravan.log.shipping;

import dev.caravan.files.KeptProperties;
import dev.caravan.files.OwnerOnly;
import dev.caravan.log.pages.LogPages;
import dev.caravan.log.pages.PageSink;
import dev.caravan.storage.Storage;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The generation that is kept up to date, and beside it, once a day, the next one, until that is
 * whole. For one thread.
 */
final class Copies implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final int FEWEST_PAGES = 256;
  private static final int MOST_PAGES = 8192;
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final String LOG_ID = "log";
  private static final String RUN = "run";
  private static final String PLACE = "place";
  private static final String GENERATION = "generation";
  private static final String FINGERPRINT = "fingerprint";

  private final LogPages log;
  private final Storage storage;
  private final Path folder;
  private final ShippingOptions options;
  private final InstantSource clock;
  private final Changes changes;
  private final KeptProperties state;
  private volatile @Nullable Ownership ownership;
  private @Nullable Generation current;
  private @Nullable Generation next;

  /** Whether another has shipped to the place since we began the generation that we know of. */
  private boolean isTaken;

  private int look = FEWEST_PAGES;
  private boolean isUpToDate;
  private volatile boolean hasWhole;

  Copies(
      LogPages log,
      Storage storage,
      Path folder,
      ShippingOptions options,
      InstantSource clock,
      Changes changes) {
    this.log = log;
    this.storage = storage;
    this.folder = folder;
    this.options = options;
    this.clock = clock;
    this.changes = changes;
    this.state =
        new KeptProperties(folder.resolve("state"), "What was shipped of the log next door.");
  }

  /** Ships what has changed; returns the moment up to which all is there, or null. */
  @Nullable Instant ship() throws IOException {
    isUpToDate = false;
    Generation shipped = begin();
    Generation beside = beginNext(shipped);
    long began = System.nanoTime();
    boolean wasComplete = shipped.isComplete();
    Instant at;
    try (Generation.Found found = shipped.scan(changes.follower(), look);
        Generation.Found foundBeside =
            beside == null ? null : beside.scan(changes.follower(), look)) {
      Changes.Taken taken = changes.take();
      at = clock.instant();
      shipped.ship(found, taken.changed(), taken.pages(), at);
      if (beside != null && foundBeside != null) {
        beside.ship(foundBeside, taken.changed(), taken.pages(), at);
      }
    }
    changes.shipped();
    adapt(System.nanoTime() - began);
    if (beside != null && beside.isComplete()) {
      promote(shipped, beside);
    } else if (shipped.isComplete() && !wasComplete) {
      completed(shipped);
    }
    hasWhole = shipped.isComplete();
    isUpToDate = !shipped.isScanning();
    return isUpToDate ? at : null;
  }

  /** Gives a sign in the place that is ours, if one is due. On another thread than the rest. */
  void sign() {
    try {
      Ownership known = ownership;
      if (known != null) {
        known.sign();
      }
    } catch (IOException | RuntimeException e) { // or there would be no sign any more
      LOG.debug("No sign was given; what is shipped next says why", e);
    }
  }

  /** Whether a whole log can be made of what is there. */
  boolean hasWhole() {
    return hasWhole;
  }

  /** In nanoseconds, until the next. */
  long pause() {
    boolean isScanning = next != null || (current != null && current.isScanning());
    return isScanning
        ? Math.min(
            options.every().toNanos(),
            look * (long) PageSink.BYTES * TimeUnit.SECONDS.toNanos(1) / options.bytesPerSecond())
        : options.every().toNanos();
  }

  /** There is a gap. */
  void scanAgain() {
    if (current != null) {
      current.scanAgain();
    }
    if (next != null) {
      next.scanAgain();
    }
  }

  /** Remembers the file as it is now, so that it need not be looked through at the next start. */
  void logClosed() {
    try {
      if (isUpToDate) {
        Map<String, String> kept = new TreeMap<>(state.written());
        kept.put(FINGERPRINT, log.fingerprint());
        state.write(kept);
      }
    } catch (IOException e) {
      LOG.debug("The log is compared with what was shipped at the next start", e);
    }
  }

  @Override
  public void close() {
    try {
      if (ownership != null) {
        ownership.end();
      }
    } catch (IOException e) {
      LOG.debug("The next to ship there has to wait", e);
    }
    try {
      letGo();
    } catch (IOException e) {
      LOG.debug("The index of what was shipped was not closed", e);
    }
  }

  private void letGo() throws IOException {
    Generation first = current;
    Generation second = next;
    current = null;
    next = null;
    if (first != null) {
      first.close();
    }
    if (second != null) {
      second.close();
    }
  }

  private Generation begin() throws IOException {
    Generation known = current;
    if (known != null && changes.isFollowing()) {
      isTaken |= ownership().check();
      if (!isTaken) {
        return known;
      }
    }
    Files.createDirectories(folder, OwnerOnly.directory(folder));
    Map<String, String> kept = new TreeMap<>(known == null ? state.read() : state.written());
    Map<String, String> now = new TreeMap<>(kept);
    now.putIfAbsent(LOG_ID, UUID.randomUUID().toString());
    now.remove(FINGERPRINT); // or it would be believed after a crash
    state.write(now);
    isTaken |= ownership().check();
    now.put(RUN, ownership().run());
    if (isTaken) {
      // Whose it was may still write there once, after what we have in common: so begin anew, also
      // when that fails now, or we are killed.
      now.remove(GENERATION);
    }
    state.write(now);
    if (isTaken) {
      known = null;
      letGo();
      changes.stop();
    }
    if (known == null) {
      String name = now.get(GENERATION);
      known =
          name == null || !storage.toString().equals(kept.get(PLACE))
              ? null
              : Generation.resume(storage, folder, name);
      boolean isResumed = known != null;
      if (isResumed) {
        LOG.info("The log is shipped to {}, as before.", storage);
      }
      known = known == null ? beginBase() : known;
      current = known;
      hasWhole = known.isComplete();
      forgetOthers(known);
      changes.follow();
      if (isResumed && known.isComplete() && log.fingerprint().equals(kept.get(FINGERPRINT))) {
        known.skipScan();
      }
    } else {
      known.scanAgain();
      changes.follow();
    }
    return known;
  }

  private Generation beginBase() throws IOException {
    Generation begun = Generation.begin(storage, folder);
    remember(begun);
    isTaken = false;
    LOG.info("The log is shipped to {}, at first all of it.", storage);
    return begun;
  }

  private @Nullable Generation beginNext(Generation present) throws IOException {
    if (next == null
        && present.isComplete()
        && !present.isScanning()
        && Duration.between(present.begun(), clock.instant()).compareTo(options.base()) >= 0) {
      changes.followAnew(); // first, for its scan would not see what was followed before
      next = Generation.begin(storage, folder);
    }
    return next;
  }

  private void promote(Generation before, Generation after) throws IOException {
    current = after;
    next = null;
    remember(after);
    before.forget();
    completed(after);
  }

  private void completed(Generation generation) {
    LOG.info("A copy of the whole log is in {}, as {}.", storage, generation.name());
    try {
      NavigableMap<String, List<SegmentName>> generations =
          SegmentName.byGeneration(storage.list(""));
      generations.remove(generation.name());
      NavigableMap<String, List<SegmentName>> whole = new TreeMap<>();
      generations.forEach(
          (name, segments) -> {
            if (segments.stream().anyMatch(SegmentName::whole)) {
              whole.put(name, segments);
            }
          });
      while (whole.size() > options.kept() - 1) { // and that one
        whole.pollFirstEntry();
      }
      generations.keySet().removeAll(whole.keySet()); // and what a run began that was killed, too
      for (List<SegmentName> segments : generations.values()) {
        for (SegmentName segment : segments) {
          storage.delete(segment.toString());
        }
      }
    } catch (IOException e) {
      LOG.warn("Older copies of the log in {} cannot be deleted: {}.", storage, CopyFailure.of(e));
    }
  }

  private void remember(Generation generation) throws IOException {
    Map<String, String> now = new TreeMap<>(state.written());
    now.put(PLACE, storage.toString());
    now.put(GENERATION, generation.name());
    state.write(now);
  }

  /** Of runs that were killed. */
  private void forgetOthers(Generation known) throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, "*.{index,found,segment}")) {
      for (Path file : files) {
        if (!file.getFileName().toString().startsWith(known.name())) {
          Files.delete(file);
        }
      }
    }
  }

  private Ownership ownership() throws IOException {
    Ownership known = ownership;
    if (known == null) {
      Map<String, String> kept = state.written();
      known =
          new Ownership(
              storage,
              new Ownership.Log(kept.getOrDefault(LOG_ID, ""), kept.get(RUN), LogPlace.of(folder)),
              options.every(),
              clock);
      ownership = known;
    }
    return known;
  }

  /** So many pages at once that a change need not wait long behind them. */
  private void adapt(long nanos) {
    if (nanos > SLOW_NANOS) {
      look = Math.max(FEWEST_PAGES, look / 2);
    } else if (nanos < QUICK_NANOS) {
      look = Math.min(MOST_PAGES, look * 2);
    }
  }
}
