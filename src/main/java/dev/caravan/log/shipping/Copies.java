package dev.caravan.log.shipping;

import dev.caravan.files.Directory;
import dev.caravan.files.OwnerOnly;
import dev.caravan.log.pages.LogPages;
import dev.caravan.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The generation that is kept up to date and, once a day by default, the next one beside it until
 * that is complete. For one thread.
 */
final class Copies implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private final LogPages log;
  private final Storage storage;
  private final Path folder;
  private final ShippingOptions options;
  private final InstantSource clock;
  private final Changes changes;
  private final ShippingState state;
  private final OlderCopies older;
  private final ScanStep step = new ScanStep();
  private volatile @Nullable Ownership ownership;
  private @Nullable Generation current;
  private @Nullable Generation next;

  /** Whether another program has shipped to the place since we began our generation. */
  private boolean isTaken;

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
    this.state = new ShippingState(folder);
    this.older = new OlderCopies(storage, options.kept());
  }

  /** Ships what has changed; returns the moment up to which everything has arrived, or null. */
  @Nullable Instant ship() throws IOException {
    isUpToDate = false;
    Generation shipped = begin();
    Generation beside = beginNext(shipped);
    long began = System.nanoTime();
    boolean wasComplete = shipped.isComplete();
    Instant at;
    try (Generation.Found found = shipped.scan(changes.follower(), step.pages());
        Generation.Found foundBeside =
            beside == null ? null : beside.scan(changes.follower(), step.pages())) {
      Changes.Taken taken = changes.take();
      at = clock.instant();
      shipped.ship(found, taken.changed(), taken.pages(), at);
      if (beside != null && foundBeside != null) {
        beside.ship(foundBeside, taken.changed(), taken.pages(), at);
      }
    }
    changes.shipped();
    step.took(System.nanoTime() - began);
    if (beside != null && beside.isComplete()) {
      promote(shipped, beside);
    } else if (shipped.isComplete() && !wasComplete) {
      completed(shipped);
    }
    hasWhole = shipped.isComplete();
    isUpToDate = !shipped.isScanning();
    return isUpToDate ? at : null;
  }

  /** Gives a sign in the place if it is ours and one is due. On another thread than the rest. */
  void sign() {
    try {
      Ownership known = ownership;
      if (known != null) {
        known.sign();
      }
    } catch (IOException | RuntimeException e) { // an exception would end the signs
      LOG.debug("No sign was given; what is shipped next says why", e);
    }
  }

  /** Whether a whole log can be made from what is there. */
  boolean hasWhole() {
    return hasWhole;
  }

  /** Nanoseconds from the start of one {@link #ship} to the next. */
  long pause() {
    boolean isScanning = next != null || (current != null && current.isScanning());
    long every = options.every().toNanos();
    return isScanning ? Math.min(every, step.nanosEach(options.bytesPerSecond())) : every;
  }

  /** Changes were lost: compares the file with what was shipped. */
  void scanAgain() {
    if (current != null) {
      current.scanAgain();
    }
    if (next != null) {
      next.scanAgain();
    }
  }

  /** Remembers the file as it is now, which spares a scan at the next start. */
  void logClosed() {
    try {
      if (isUpToDate) {
        state.recordFingerprint(log.fingerprint());
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
    ShippingState.Before before = known == null ? state.resume() : state.resumeThisRun();
    isTaken |= ownership().check();
    state.recordRun(ownership().run(), isTaken);
    if (isTaken) {
      known = null;
      letGo();
      changes.stop();
    }
    if (known == null) {
      String name =
          isTaken || !storage.toString().equals(before.place()) ? null : before.generation();
      known = name == null ? null : Generation.resume(storage, folder, name);
      boolean isResumed = known != null;
      if (isResumed) {
        LOG.info("The log is shipped to {}, as before.", storage);
      }
      known = known == null ? beginBase() : known;
      current = known;
      hasWhole = known.isComplete();
      forgetOthers(known);
      changes.follow();
      if (isResumed && known.isComplete() && log.fingerprint().equals(before.fingerprint())) {
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
    state.recordGeneration(storage.toString(), begun);
    isTaken = false;
    LOG.info("The log is shipped to {}, at first all of it.", storage);
    return begun;
  }

  private @Nullable Generation beginNext(Generation present) throws IOException {
    if (next == null
        && present.isComplete()
        && !present.isScanning()
        && Duration.between(present.begun(), clock.instant()).compareTo(options.base()) >= 0) {
      changes.followAnew(); // first: its scan would skip what was followed before
      next = Generation.begin(storage, folder);
    }
    return next;
  }

  private void promote(Generation before, Generation after) throws IOException {
    current = after;
    next = null;
    state.recordGeneration(storage.toString(), after);
    before.forget();
    completed(after);
  }

  private void completed(Generation generation) {
    LOG.info("A copy of the whole log is in {}, as {}.", storage, generation.name());
    older.delete(generation);
  }

  /** Deletes the files that killed runs left. */
  private void forgetOthers(Generation known) throws IOException {
    for (Path file : Directory.entries(folder, "*.{index,found,segment}")) {
      if (!file.getFileName().toString().startsWith(known.name())) {
        Files.delete(file);
      }
    }
  }

  private Ownership ownership() throws IOException {
    Ownership known = ownership;
    if (known == null) {
      known =
          new Ownership(
              storage,
              new Ownership.Log(state.log(), state.lastRun(), LogPlace.of(folder)),
              options.every(),
              clock);
      ownership = known;
    }
    return known;
  }
}
